package dev.roundtrip.local.broker;

import dev.roundtrip.local.broker.packet.Packet;
import dev.roundtrip.local.broker.packet.Qos;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the broker remembers of one client: its subscriptions, what waits for it, and what it has not acknowledged.
 *
 * <p>Outlives its connection when it is persistent. Thread-safe: any thread offers, and only the event loop of the present
 * connection takes.
 */
final class Session {
    private static final int MAX_PACKET_ID = 0xffff;

    final String clientId;
    final String identifier = UUID.randomUUID().toString();
    final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>(4);

    private final BrokerLimits.Sessions limits;
    private final BrokerClock clock;
    private final Counters counters;
    private final RateLimit storedRate;
    private final RateLimit queuedRate;

    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private final Map<Integer, Delivery> inFlight = new LinkedHashMap<>();
    private long waitingBytes;
    private int lastPacketId;
    private int window;
    private boolean turnedGroupAway;
    private long expiresAt = Message.NEVER;
    private volatile boolean over;
    private volatile Duration expiry = Duration.ZERO;
    private volatile @Nullable Connection connection;
    private volatile Permissions permissions = (action, resource) -> false;

    Session(String clientId, BrokerLimits limits, BrokerClock clock, Counters counters, RateLimit queuedRate) {
        this.clientId = clientId;
        this.limits = limits.sessions();
        this.clock = clock;
        this.counters = counters;
        this.queuedRate = queuedRate;
        this.storedRate = new RateLimit(limits.rates().storedPerSession(), clock);
    }

    @Nullable Connection connection() {
        return connection;
    }

    /** Marks it as ended: nothing may be added to it any more. */
    void markOver() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean isPersistent() {
        return !expiry.isZero();
    }

    /** Changes how long the session outlives its connection, if that is still this one. */
    @SuppressWarnings("ReferenceEquality") // A connection is itself.
    synchronized void changeExpiry(Connection by, Duration newExpiry) {
        if (by == connection) {
            expiry = newExpiry;
        }
    }

    /** Gives the session a connection. What the last one left unacknowledged is sent again first, flagged as duplicate. */
    synchronized void attach(Connection newConnection, Admission.Accepted terms) {
        connection = newConnection;
        permissions = terms.permissions();
        window = terms.receiveMaximum();
        expiry = terms.sessionExpiry();
        expiresAt = Message.NEVER;
        List<Delivery> again = new ArrayList<>(inFlight.values());
        inFlight.clear();
        for (int i = again.size() - 1; i >= 0; i--) {
            Delivery delivery = again.get(i);
            delivery.duplicate = true;
            waiting.addFirst(delivery);
            waitingBytes += delivery.weight();
        }
        removeWaiting(delivery -> !permissions.allows(Action.RECEIVE, delivery.message.topic()));
        waiting.forEach(delivery -> delivery.stored = true);
    }

    /** Takes the connection away, if it is still this one; messages of QoS 0 do not wait for the next. */
    @SuppressWarnings("ReferenceEquality") // A connection is itself.
    synchronized boolean detach(Connection lost) {
        if (connection != lost) {
            return false;
        }
        connection = null;
        expiresAt = clock.nanos() + expiry.toNanos();
        removeWaiting(delivery -> delivery.qos == Qos.AT_MOST_ONCE || delivery.isDirect());
        inFlight.values().removeIf(delivery -> {
            delivery.tell(DirectOutcome.UNCONFIRMED);
            return delivery.isDirect();
        });
        return true;
    }

    private void removeWaiting(Predicate<Delivery> condition) {
        waiting.removeIf(delivery -> {
            boolean remove = condition.test(delivery);
            if (remove) {
                delivery.tell(DirectOutcome.NOT_CONNECTED);
                waitingBytes -= delivery.weight();
                counters.dropped.increment();
            }
            return remove;
        });
    }

    synchronized boolean hasExpired() {
        return connection == null && clock.nanos() - expiresAt >= 0;
    }

    /** Offers a message; false when the client may not, or cannot, get it. */
    @SuppressWarnings("ReferenceEquality") // Permissions are given anew with each connection.
    boolean offer(Delivery delivery) {
        Permissions asked = permissions;
        if (!asked.allows(Action.RECEIVE, delivery.message.topic())) {
            return false;
        }
        Connection present;
        synchronized (this) {
            if (asked != permissions && !permissions.allows(Action.RECEIVE, delivery.message.topic())) {
                return false; // The client came back meanwhile, and may less now.
            }
            present = connection;
            if (!hasRoomFor(delivery, present)) {
                counters.dropped.increment();
                return false;
            }
            waiting.add(delivery);
            waitingBytes += delivery.weight();
        }
        if (present != null) {
            present.schedule();
        }
        return true;
    }

    /** Offers a message of a shared group, which only a connected member is given; false when this one cannot have it, and the
     * message is the group's still.
     */
    boolean offerFromGroup(Delivery delivery) {
        Connection present;
        synchronized (this) {
            present = connection;
            if (present == null || !permissions.allows(Action.RECEIVE, delivery.message.topic())) {
                return false;
            }
            if (!hasRoomFor(delivery, present)) {
                turnedGroupAway = true;
                return false;
            }
            waiting.add(delivery);
            waitingBytes += delivery.weight();
        }
        present.schedule();
        return true;
    }

    /** Tells, once, that there is room again for the groups whose messages were turned away. */
    synchronized boolean hasRoomForGroupsAgain() {
        boolean again = turnedGroupAway
                && waiting.size() <= limits.maxQueuedMessages() / 2
                && waitingBytes <= limits.maxQueuedBytes() / 2;
        if (again) {
            turnedGroupAway = false;
        }
        return again;
    }

    /** Offers a message that is for the present connection alone; its receipt is told what becomes of it. */
    void offerDirect(Delivery delivery) {
        Connection present;
        synchronized (this) {
            present = connection;
            if (present == null) {
                delivery.tell(isPersistent() && !hasExpired() ? DirectOutcome.AWAY : DirectOutcome.NOT_CONNECTED);
                return;
            }
            if (!permissions.allows(Action.RECEIVE, delivery.message.topic())) {
                delivery.tell(DirectOutcome.FORBIDDEN);
                return;
            }
            if (!hasRoomFor(delivery, present)) {
                counters.dropped.increment();
                delivery.tell(DirectOutcome.THROTTLED);
                return;
            }
            counters.directs.increment();
            waiting.add(delivery);
            waitingBytes += delivery.weight();
        }
        present.schedule();
    }

    /** Sends a message no more that nobody waits for. */
    void giveUp(Delivery delivery) {
        delivery.tell(DirectOutcome.UNCONFIRMED);
        synchronized (this) {
            removeWaiting(delivery::equals);
        }
    }

    private boolean hasRoomFor(Delivery delivery, @Nullable Connection present) {
        boolean keeps = present != null || (isPersistent() && delivery.qos == Qos.AT_LEAST_ONCE);
        return keeps
                && waiting.size() < limits.maxQueuedMessages()
                && waitingBytes + delivery.weight() <= limits.maxQueuedBytes()
                && (present != null || queuedRate.tryAcquire());
    }

    /** Takes what may be written now: up to about so many bytes, and no more in flight than the client wants.
     *
     * @return whether there may be more
     */
    @SuppressWarnings("ReferenceEquality") // A connection is itself.
    synchronized boolean take(Connection by, int maxBytes, List<Delivery> into) {
        if (by != connection) {
            return false;
        }
        long now = waiting.isEmpty() ? 0 : clock.nanos();
        int bytes = 0;
        while (bytes < maxBytes) {
            Delivery next = waiting.peek();
            if (next == null || (next.qos == Qos.AT_LEAST_ONCE && inFlight.size() >= window)) {
                return false;
            }
            boolean fits = by.fits(next);
            boolean wanted = fits && !next.message.hasExpired(now);
            if (wanted && next.stored && !next.duplicate && !storedRate.tryAcquire()) {
                return false;
            }
            waiting.remove();
            waitingBytes -= next.weight();
            if (!wanted || !by.mayTakeNow()) {
                next.tell(fits ? DirectOutcome.THROTTLED : DirectOutcome.TOO_LARGE);
                counters.dropped.increment();
                continue;
            }
            if (next.qos == Qos.AT_LEAST_ONCE) {
                putInFlight(next, now);
            } else {
                next.tell(DirectOutcome.SENT);
            }
            bytes += next.weight();
            into.add(next);
        }
        return true;
    }

    private void putInFlight(Delivery delivery, long now) {
        if (delivery.packetId == 0) {
            do {
                lastPacketId = lastPacketId == MAX_PACKET_ID ? 1 : lastPacketId + 1;
            } while (inFlight.containsKey(lastPacketId));
            delivery.packetId = lastPacketId;
        }
        delivery.sentAt = now;
        inFlight.put(delivery.packetId, delivery);
    }

    /** Forgets what the client acknowledged or refused; an identifier that is not in flight is passed over. */
    @SuppressWarnings("ReferenceEquality") // A connection is itself.
    void acknowledge(Connection by, Packet.PubAck pubAck) {
        boolean more;
        Delivery acknowledged;
        synchronized (this) {
            acknowledged = by == connection ? inFlight.remove(pubAck.packetId()) : null;
            if (acknowledged == null) {
                return;
            }
            more = !waiting.isEmpty();
        }
        acknowledged.tell(pubAck.isRefusal() ? DirectOutcome.REFUSED : DirectOutcome.CONFIRMED);
        (pubAck.isRefusal() ? counters.dropped : counters.acknowledged).increment();
        if (more) {
            by.schedule();
        }
    }

    /** Gives up what stayed unacknowledged for too long on a living connection, and looks again at what waits. */
    void sweep(long now) {
        Connection present = connection;
        if (present == null) {
            return;
        }
        long patience = present.retryWindow().toNanos();
        boolean more;
        synchronized (this) {
            Iterator<Delivery> oldestFirst = inFlight.values().iterator();
            while (oldestFirst.hasNext() && now - oldestFirst.next().sentAt >= patience) {
                oldestFirst.remove();
                counters.dropped.increment();
            }
            more = !waiting.isEmpty();
        }
        if (more) {
            present.schedule();
        }
    }
}
