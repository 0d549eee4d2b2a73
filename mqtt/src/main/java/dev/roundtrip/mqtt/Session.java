package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.MessageListener.Loss;
import dev.roundtrip.mqtt.packet.Packet;
import dev.roundtrip.mqtt.packet.Qos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the broker remembers of one client: its subscriptions, what waits for it, and what it has not acknowledged.
 *
 * <p>Outlives its connection when it is persistent. Thread-safe: any thread offers, and only the event loop of the
 * present connection takes.
 */
final class Session {
    /** A client with more than this to deliver has fallen behind; ours, as much as its socket takes at once. */
    private static final long KEEPS_UP_BYTES = 256L * 1024;

    /** What waits for a client that does not read leaves room for messages of QoS 0 up to here; our choice, some 30 of
     * the largest.
     */
    private static final long QOS_0_BYTES_BEHIND = 4L * 1024 * 1024;

    final String clientId;
    final String identifier = UUID.randomUUID().toString();
    final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>(4);

    private final BrokerLimits.Sessions limits;
    private final BrokerClock clock;
    private final Counters counters;
    private final Backlog backlog;
    private final RateLimit storedRate;
    private final RateLimit queuedRate;
    private final MessageListener listener;

    private final Undelivered undelivered;
    private int window;
    private boolean turnedGroupAway;
    private long expiresAt = Message.NEVER;
    private volatile boolean behind;
    private volatile boolean over;
    private volatile Duration expiry = Duration.ZERO;
    private volatile @Nullable Connection connection;
    private volatile Permissions permissions = (action, resource) -> false;

    Session(String clientId, Sessions.Terms terms) {
        this.clientId = clientId;
        this.limits = terms.limits().sessions();
        this.clock = terms.clock();
        this.counters = terms.counters();
        this.backlog = terms.backlog();
        this.queuedRate = terms.queued();
        this.listener = terms.listener();
        this.undelivered = new Undelivered(backlog);
        this.storedRate = new RateLimit(terms.limits().rates().storedPerSession(), clock);
    }

    @Nullable Connection connection() {
        return connection;
    }

    /** Ends it: nothing may be added to it any more, and what it had to deliver is gone.
     *
     * @return what it was to deliver as a member of shared groups, of QoS 1, in order; room is taken for each
     */
    synchronized List<Delivery> end() {
        over = true;
        List<Delivery> ofGroups = new ArrayList<>();
        for (Delivery delivery : undelivered.removeAll()) {
            delivery.tell(DirectOutcome.NOT_CONNECTED);
            if (delivery.membership() != null && delivery.qos == Qos.AT_LEAST_ONCE) {
                ofGroups.add(delivery);
            } else {
                backlog.giveBack(delivery.message);
                lost(delivery, Loss.SESSION_ENDED);
            }
        }
        return ofGroups;
    }

    /** What the room is for that a message takes which is offered now. */
    Backlog.Claim claim() {
        return connection == null || behind ? Backlog.Claim.STORED : Backlog.Claim.PASSING;
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

    /** Gives the session a connection. */
    synchronized void attach(Connection newConnection, ConnectHandler.Accepted terms) {
        connection = newConnection;
        permissions = terms.permissions();
        window = terms.receiveMaximum();
        expiry = terms.sessionExpiry();
        expiresAt = Message.NEVER;
        removeWaiting(delivery -> !permissions.allows(Action.RECEIVE, delivery.message.topic()), Loss.NOT_ALLOWED);
        undelivered.markStored();
    }

    /** Takes the connection away, if it is still this one. What it left unacknowledged is sent again first to the next,
     * flagged as duplicate; messages of QoS 0 do not wait for the next.
     */
    @SuppressWarnings("ReferenceEquality") // A connection is itself.
    synchronized boolean detach(Connection lost) {
        if (connection != lost) {
            return false;
        }
        connection = null;
        expiresAt = clock.nanos() + expiry.toNanos();
        removeWaiting(delivery -> delivery.qos == Qos.AT_MOST_ONCE || delivery.isDirect(), Loss.AWAY);
        for (Delivery direct : undelivered.removeInFlight(Delivery::isDirect)) {
            direct.tell(DirectOutcome.UNCONFIRMED);
            lost(direct, Loss.UNACKNOWLEDGED);
        }
        undelivered.sendAgain();
        return true;
    }

    private void removeWaiting(Predicate<Delivery> condition, Loss why) {
        List<Delivery> removed = undelivered.removeWaiting(condition);
        for (Delivery delivery : removed) {
            delivery.tell(DirectOutcome.NOT_CONNECTED);
            lost(delivery, why);
        }
        counters.dropped.add(removed.size());
        noteBytes();
    }

    private void lost(Delivery delivery, Loss why) {
        listener.dropped(clientId, delivery.message.publication(), why);
    }

    private void noteBytes() {
        boolean now = undelivered.bytes() > KEEPS_UP_BYTES;
        if (behind != now) {
            behind = now;
        }
    }

    synchronized boolean hasExpired() {
        return connection == null && clock.nanos() - expiresAt >= 0;
    }

    private void add(Delivery delivery) {
        undelivered.add(delivery);
        noteBytes();
    }

    /** Offers a message for which room is taken; false when the client may not, or cannot, get it. */
    @SuppressWarnings("ReferenceEquality") // Permissions are given anew with each connection.
    boolean offer(Delivery delivery) {
        Permissions asked = permissions;
        if (!asked.allows(Action.RECEIVE, delivery.message.topic())) {
            lost(delivery, Loss.NOT_ALLOWED);
            return false;
        }
        Connection present;
        synchronized (this) {
            if (asked != permissions && !permissions.allows(Action.RECEIVE, delivery.message.topic())) {
                lost(delivery, Loss.NOT_ALLOWED); // The client came back meanwhile, and may less now.
                return false;
            }
            present = connection;
            Loss why = obstacle(delivery, present);
            if (why != null) {
                counters.dropped.increment();
                lost(delivery, why);
                return false;
            }
            add(delivery);
        }
        if (present != null) {
            present.schedule();
        }
        return true;
    }

    /** Offers a message of a shared group for which room is taken. Only a connected member is given one; false when
     * this one cannot have it, and the message is the group's still.
     */
    boolean offerFromGroup(Delivery delivery) {
        Connection present;
        synchronized (this) {
            present = connection;
            if (present == null || !permissions.allows(Action.RECEIVE, delivery.message.topic())) {
                return false;
            }
            if (obstacle(delivery, present) != null) {
                turnedGroupAway = true;
                return false;
            }
            Subscription membership = delivery.membership();
            if (membership != null) {
                membership.tellMatched(listener, delivery.message);
            }
            add(delivery);
        }
        present.schedule();
        return true;
    }

    /** Whether a message of a shared group has a chance: the session is connected, and has not turned one away for want
     * of room.
     */
    synchronized boolean takesFromGroups() {
        return connection != null && !turnedGroupAway;
    }

    /** Tells, once, that there is room again for the groups whose messages were turned away. */
    synchronized boolean hasRoomForGroupsAgain() {
        boolean again = turnedGroupAway
                && undelivered.waiting() <= limits.maxQueuedMessages() / 2
                && undelivered.waitingBytes() <= limits.maxQueuedBytes() / 2;
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
                lost(delivery, Loss.AWAY);
                delivery.tell(isPersistent() && !hasExpired() ? DirectOutcome.AWAY : DirectOutcome.NOT_CONNECTED);
                return;
            }
            if (!permissions.allows(Action.RECEIVE, delivery.message.topic())) {
                lost(delivery, Loss.NOT_ALLOWED);
                delivery.tell(DirectOutcome.FORBIDDEN);
                return;
            }
            if (obstacle(delivery, present) != null || !backlog.take(delivery.message, claim())) {
                counters.dropped.increment();
                lost(delivery, Loss.NO_ROOM);
                delivery.tell(DirectOutcome.THROTTLED);
                return;
            }
            counters.directs.increment();
            add(delivery);
        }
        present.schedule();
    }

    /** The same, unless the session has another connection meanwhile, or none. */
    @SuppressWarnings("ReferenceEquality") // A connection is itself.
    void offerAnswer(Connection to, Delivery delivery) {
        synchronized (this) {
            if (to == connection) {
                offerDirect(delivery);
                return;
            }
        }
        lost(delivery, Loss.AWAY);
    }

    /** Sends a message no more that nobody waits for. */
    void giveUp(Delivery delivery) {
        delivery.tell(DirectOutcome.UNCONFIRMED);
        synchronized (this) {
            removeWaiting(delivery::equals, Loss.EXPIRED);
        }
    }

    /** Why there is no room for a message; null when there is. */
    private @Nullable Loss obstacle(Delivery delivery, @Nullable Connection present) {
        if (over) {
            return Loss.SESSION_ENDED;
        }
        if (present == null && !(isPersistent() && delivery.qos == Qos.AT_LEAST_ONCE)) {
            return Loss.AWAY;
        }
        if (!isBelowLimits(delivery, present)) {
            removeExpired(clock.nanos());
        }
        if (!isBelowLimits(delivery, present)) {
            return Loss.NO_ROOM;
        }
        return present != null || queuedRate.tryAcquire() ? null : Loss.QUOTA;
    }

    private boolean isBelowLimits(Delivery delivery, @Nullable Connection present) {
        return undelivered.waiting() < limits.maxQueuedMessages()
                && undelivered.waitingBytes() + delivery.weight() <= mostBytes(delivery.qos, present);
    }

    /** Behind what a client does not read, only messages of QoS 1 wait for long. */
    private long mostBytes(Qos qos, @Nullable Connection present) {
        boolean behind = present != null && present.isBehind();
        return behind && qos == Qos.AT_MOST_ONCE ? QOS_0_BYTES_BEHIND : limits.maxQueuedBytes();
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
        long now = undelivered.waiting() == 0 ? 0 : clock.nanos();
        int bytes = 0;
        while (bytes < maxBytes) {
            Delivery next = undelivered.next();
            if (next == null || (next.qos == Qos.AT_LEAST_ONCE && undelivered.inFlight() >= window)) {
                return false;
            }
            boolean fits = by.fits(next);
            boolean expired = next.message.hasExpired(now);
            boolean wanted = fits && !expired;
            if (wanted && next.stored && !next.duplicate && !storedRate.tryAcquire()) {
                return false;
            }
            if (!wanted || !by.mayTakeNow()) {
                undelivered.dropNext();
                noteBytes();
                next.tell(fits ? DirectOutcome.THROTTLED : DirectOutcome.TOO_LARGE);
                counters.dropped.increment();
                lost(next, fits ? expired ? Loss.EXPIRED : Loss.QUOTA : Loss.TOO_LARGE);
                continue;
            }
            undelivered.sendNext(now);
            noteBytes();
            if (next.qos == Qos.AT_MOST_ONCE) {
                next.tell(DirectOutcome.SENT);
            }
            bytes += next.weight();
            into.add(next);
        }
        return true;
    }

    /** Forgets what the client acknowledged or refused; an identifier that is not in flight is passed over. */
    @SuppressWarnings("ReferenceEquality") // A connection is itself.
    void acknowledge(Connection by, Packet.PubAck pubAck) {
        boolean more;
        Delivery acknowledged;
        synchronized (this) {
            acknowledged = by == connection ? undelivered.acknowledge(pubAck.packetId()) : null;
            if (acknowledged == null) {
                return;
            }
            noteBytes();
            more = undelivered.waiting() > 0;
        }
        listener.acknowledged(clientId, acknowledged.message.publication(), pubAck.reason());
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
            List<Delivery> unacknowledged = undelivered.removeSentBefore(now - patience);
            unacknowledged.forEach(delivery -> lost(delivery, Loss.UNACKNOWLEDGED));
            counters.dropped.add(unacknowledged.size());
            noteBytes();
            more = undelivered.waiting() > 0;
        }
        if (more) {
            present.schedule();
        }
    }

    /** Lets go of what has expired while it waits; what is in flight on a living connection stays. */
    synchronized void removeExpired(long now) {
        List<Delivery> expired = undelivered.removeExpired(now);
        expired.forEach(delivery -> lost(delivery, Loss.EXPIRED));
        counters.dropped.add(expired.size());
        noteBytes();
    }
}
