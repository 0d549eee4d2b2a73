package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.MessageListener.Loss;
import dev.roundtrip.mqtt.packet.Qos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** The members of a shared subscription: each message goes to one of them at random.
 *
 * <p>While none is connected and at least one has a persistent session, messages of QoS 1 wait here for whoever comes
 * first.
 *
 * <p>Thread-safe. Whether a message is handed out or kept is decided as one step, under this monitor. A member that
 * connects meanwhile is met by one of the two: by the message that looks for a member, or by {@link #handOut}, which
 * follows every connecting and waits for this monitor. The monitor of a member's {@link Session} is taken inside this
 * one, never around it.
 */
final class SharedGroup implements Receiver {
    private final int maxQueued;
    private final Backlog backlog;
    private final MessageListener listener;
    private final ArrayDeque<Message> queued = new ArrayDeque<>();
    private final List<Subscription> members = new ArrayList<>();

    /** Nothing that waits expires before. */
    private long firstExpiry = Message.NEVER;

    SharedGroup(int maxQueued, Backlog backlog, MessageListener listener) {
        this.maxQueued = maxQueued;
        this.backlog = backlog;
        this.listener = listener;
    }

    synchronized void add(Subscription member) {
        members.add(member);
    }

    /** Removes a member and tells whether the group is empty now; what waits for nobody is gone. */
    @SuppressWarnings("ReferenceEquality") // A subscription is itself.
    synchronized boolean remove(Subscription member) {
        members.removeIf(each -> each == member);
        if (members.isEmpty()) {
            removeQueued(message -> true, Loss.SESSION_ENDED);
        }
        return members.isEmpty();
    }

    synchronized int size() {
        return members.size();
    }

    /** A message passes when one of the members takes it soon; else, or behind others that wait, it is stored. */
    @Override
    public synchronized Backlog.Claim claim() {
        if (!queued.isEmpty()) {
            return Backlog.Claim.STORED;
        }
        for (Subscription member : members) {
            if (member.claim() == Backlog.Claim.PASSING) {
                return Backlog.Claim.PASSING;
            }
        }
        return Backlog.Claim.STORED;
    }

    /** Gives a message for which room is taken to a connected member, or keeps it; false when the message is lost. */
    synchronized boolean deliver(Message message) {
        return offerToOne(message) || (message.qos() == Qos.AT_LEAST_ONCE && keep(message));
    }

    private boolean offerToOne(Message message) {
        int size = members.size();
        int first = size == 0 ? 0 : ThreadLocalRandom.current().nextInt(size);
        for (int i = 0; i < size; i++) {
            Subscription member = members.get((first + i) % size);
            if (member.session.offerFromGroup(member.deliveryOf(message))) {
                return true;
            }
        }
        return false;
    }

    private boolean keep(Message message) {
        if (queued.size() >= maxQueued) {
            var unused = removeExpired(backlog.now());
        }
        boolean anybodyReturns = members.stream().anyMatch(member -> member.session.isPersistent());
        boolean kept = anybodyReturns && queued.size() < maxQueued && queued.add(message);
        if (kept) {
            firstExpiry = Message.earlier(firstExpiry, message.expiresAt());
        }
        return kept;
    }

    /** Hands out what waits, in order, now that a member is connected or has room again. What no connected member may
     * have, or has room for, goes on waiting, and stands in the way of nothing behind it. A member has room again once
     * in thousands of messages, so that all that waits may be looked at.
     */
    synchronized void handOut() {
        Iterator<Message> waiting = queued.iterator();
        while (waiting.hasNext()) {
            if (offerToOne(waiting.next())) {
                waiting.remove();
            } else if (members.stream().noneMatch(member -> member.session.takesFromGroups())) {
                return;
            }
        }
    }

    /** Lets go of what has expired of what waits, and returns how many; looks only when something has. */
    synchronized int removeExpired(long now) {
        int expired = 0;
        if (Message.isOver(firstExpiry, now)) {
            firstExpiry = Message.NEVER;
            expired = removeQueued(message -> hasExpired(message, now), Loss.EXPIRED);
        }
        backlog.noteExpiry(firstExpiry);
        return expired;
    }

    private boolean hasExpired(Message message, long now) {
        if (message.hasExpired(now)) {
            return true;
        }
        firstExpiry = Message.earlier(firstExpiry, message.expiresAt());
        return false;
    }

    private int removeQueued(Predicate<Message> condition, Loss why) {
        int before = queued.size();
        queued.removeIf(message -> {
            boolean removed = condition.test(message);
            if (removed) {
                backlog.giveBack(message);
                listener.dropped(null, message.publication(), why);
            }
            return removed;
        });
        return before - queued.size();
    }
}
