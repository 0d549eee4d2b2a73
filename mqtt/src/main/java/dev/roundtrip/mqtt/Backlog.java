package dev.roundtrip.mqtt;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The one account of what the broker holds for its clients: messages that wait, that are in flight or retained, wills,
 * and bytes that a socket has not taken yet.
 *
 * <p>Counts what memory really holds. A message weighs its payload, its properties, its topic and some overhead, once,
 * however many clients it waits for. Each place that holds the message (a session's queue, a shared group's queue, the
 * retained messages, a will) adds {@link #REFERENCE_BYTES} and one message. So a message for 100 sessions has one
 * payload and 100 references, and the payload counts until the last of the 100 is done with it.
 *
 * <p>Whoever takes room gives it back, exactly once. Thread-safe. Takes no lock: a delivery costs a few atomic
 * additions.
 */
final class Backlog {
    /** About what one more place that holds a message takes: a {@link Delivery}, and its entries in a queue and in a
     * map.
     */
    static final long REFERENCE_BYTES = 128;

    /** One part in so many is kept for clients that keep up: what waits for absent clients does not stop them; ours. */
    private static final int KEPT_FOR_PASSING = 8;

    /** Looking for expired messages takes one part of the time in so many; ours. */
    private static final int SEARCH_SHARE = 10;

    /** What the room is for. */
    enum Claim {
        /** A message for somebody who is away or has fallen behind: it waits long. Seven eighths of the account at
         * most.
         */
        STORED,
        /** A message for a client that keeps up: it leaves soon. The whole account. */
        PASSING
    }

    /** A place that holds messages, some of which may have expired. */
    interface Holder {
        /** Lets go of every message that has expired; tells the account when the others will with {@link
         * Backlog#noteExpiry}.
         */
        void removeExpired(long now);
    }

    private final BrokerLimits.Memory limits;
    private final BrokerClock clock;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final List<Holder> holders = new CopyOnWriteArrayList<>();

    /** No message that is held expires before. */
    private final AtomicLong firstExpiry = new AtomicLong(Message.NEVER);

    private volatile long nextSearch;

    Backlog(BrokerLimits.Memory limits, BrokerClock clock) {
        this.limits = limits;
        this.clock = clock;
        this.nextSearch = clock.nanos();
    }

    /** Makes a place known where expired messages are looked for. */
    void add(Holder holder) {
        holders.add(holder);
    }

    /** Takes room for one more place that holds a message; false when there is none. */
    boolean take(Message message, Claim claim) {
        return take(message, 1, claim);
    }

    /** Takes room for more places that hold a message, for all of them or for none; false when there is not enough. */
    boolean take(Message message, int places, Claim claim) {
        while (true) {
            int before = message.holders().get();
            long more = REFERENCE_BYTES * places + (before == 0 ? message.weight() : 0);
            if (!add(more, places, claim)) {
                return false;
            }
            if (message.holders().compareAndSet(before, before + places)) {
                noteExpiry(message.expiresAt());
                return true;
            }
            subtract(more, places); // Another thread took or gave back meanwhile.
        }
    }

    /** Takes room for a place that holds a message and follows one that goes, whether there is any room or not. */
    void takeAnyway(Message message) {
        if (message.holders().getAndIncrement() == 0) {
            bytes.addAndGet(message.weight());
        }
        bytes.addAndGet(REFERENCE_BYTES);
        messages.incrementAndGet();
        noteExpiry(message.expiresAt());
    }

    /** Gives back what one place took for a message. */
    void giveBack(Message message) {
        int left = message.holders().decrementAndGet();
        subtract(REFERENCE_BYTES + (left == 0 ? message.weight() : 0), 1);
    }

    /** Takes room for bytes that wait for a socket; false when there is none. */
    boolean tryTake(long more) {
        return add(more, 0, Claim.PASSING);
    }

    /** Takes room for bytes that are written already, whether there is any or not. */
    void takeAnyway(long more) {
        bytes.addAndGet(more);
    }

    /** Gives back what {@link #tryTake} or {@link #takeAnyway} took. */
    void giveBack(long less) {
        subtract(less, 0);
    }

    /** Tells whether more than half of the bytes are taken: from here on, sockets that are slow get no more ahead. */
    boolean isTight() {
        return bytes.get() > limits.maxBytes() / 2;
    }

    /** Tells whether nothing more is stored: only clients that keep up still get messages. */
    boolean isFull() {
        return bytes.get() > share(limits.maxBytes(), Claim.STORED);
    }

    private boolean add(long moreBytes, int moreMessages, Claim claim) {
        boolean fits = bytes.addAndGet(moreBytes) <= share(limits.maxBytes(), claim);
        if (moreMessages > 0) {
            fits &= messages.addAndGet(moreMessages) <= share(limits.maxMessages(), claim);
        }
        if (!fits) {
            subtract(moreBytes, moreMessages);
        }
        return fits;
    }

    private void subtract(long lessBytes, int lessMessages) {
        bytes.addAndGet(-lessBytes);
        if (lessMessages > 0) {
            messages.addAndGet(-lessMessages);
        }
    }

    private static long share(long max, Claim claim) {
        return switch (claim) {
            case STORED -> max - max / KEPT_FOR_PASSING;
            case PASSING -> max;
        };
    }

    /** Lets go of expired messages when there is no room for another one for so many receivers. Whoever calls holds no
     * lock.
     *
     * <p>Searches only when something has expired, and a tenth of the time at most, however many messages come.
     */
    void makeRoomFor(Message message, int receivers) {
        long more = message.weight() + REFERENCE_BYTES * receivers;
        if (bytes.get() + more > share(limits.maxBytes(), Claim.STORED)
                || messages.get() + receivers > share(limits.maxMessages(), Claim.STORED)) {
            long now = clock.nanos();
            if (Message.isOver(firstExpiry.get(), now) && now - nextSearch >= 0) {
                removeExpired(now);
            }
        }
    }

    private synchronized void removeExpired(long now) {
        if (now - nextSearch < 0) {
            return; // Another thread has just done it.
        }
        removeExpired();
        nextSearch = now + (clock.nanos() - now) * SEARCH_SHARE;
    }

    /** Lets go of every expired message. Whoever calls holds no lock. */
    synchronized void removeExpired() {
        firstExpiry.set(Message.NEVER);
        long now = clock.nanos();
        holders.forEach(holder -> holder.removeExpired(now));
    }

    /** Notes that a message is held which expires then. */
    void noteExpiry(long expiresAt) {
        long first = firstExpiry.get();
        while (Message.earlier(expiresAt, first) != first && !firstExpiry.compareAndSet(first, expiresAt)) {
            first = firstExpiry.get();
        }
    }

    /** The time by which messages expire. */
    long now() {
        return clock.nanos();
    }

    /** The bytes that are held now. */
    long bytes() {
        return bytes.get();
    }

    /** The places that hold a message now. */
    long messages() {
        return messages.get();
    }
}
