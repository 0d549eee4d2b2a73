package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.ReasonCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The one session of each client id.
 *
 * <p>Thread-safe. What all clients must see in one order takes turns on this monitor: connections that begin and end,
 * with their wills and events; retained messages that change, with their publication; and subscriptions that ask for a
 * retained message. Other messages do not wait for it. The monitors of groups and sessions are taken inside this one,
 * never around it.
 */
final class Sessions implements Backlog.Holder {
    private final Map<String, Session> byClientId = new ConcurrentHashMap<>();
    private final BrokerClock clock;
    private final Router router;
    private final Wills wills;
    private final Terms terms;

    Sessions(BrokerSettings settings, Counters counters, Backlog backlog, Router router, Wills wills) {
        this.wills = wills;
        this.clock = settings.clock();
        this.router = router;
        BrokerLimits limits = settings.limits();
        this.terms = new Terms(
                limits, clock, counters, backlog, new RateLimit(limits.rates().queued(), clock), settings.messages());
        backlog.add(this);
    }

    /** What all sessions share.
     *
     * @param queued the rate of messages to sessions that have no connection
     * @param listener is told what becomes of messages
     */
    record Terms(
            BrokerLimits limits,
            BrokerClock clock,
            Counters counters,
            Backlog backlog,
            RateLimit queued,
            MessageListener listener) {}

    /** A session that has its connection.
     *
     * @param present it existed before
     */
    record Opened(Session session, boolean present) {}

    /** Gives a connection its session: the old one when the client wants it, else a new one. An older connection of the
     * same client id ends.
     */
    synchronized Opened open(Connection connection, ConnectHandler.Accepted terms) {
        Session existing = byClientId.get(terms.clientId());
        if (existing != null) {
            Connection older = existing.connection();
            if (older != null) {
                older.end(DisconnectReason.DUPLICATE_CLIENTID, ReasonCode.SESSION_TAKEN_OVER);
                // Its own event loop may have begun to end it, and waits for this monitor.
                close(existing, older, DisconnectReason.DUPLICATE_CLIENTID);
            }
            if (terms.cleanStart() || !existing.isPersistent() || existing.hasExpired()) {
                discard(existing);
                existing = null;
            }
        }
        Session session = existing == null ? new Session(terms.clientId(), this.terms) : existing;
        byClientId.put(terms.clientId(), session);
        wills.clientIsBack(session);
        connection.own(session, terms);
        session.attach(connection, terms);
        return new Opened(session, existing != null);
    }

    /** Takes the connection from its session, unless that was done before, and ends the session unless it is
     * persistent. The will and the events of this end are out before the client can be back.
     */
    synchronized void close(Session session, Connection connection, DisconnectReason reason) {
        if (session.detach(connection)) {
            if (!session.isPersistent()) {
                discard(session);
            }
            connection.leave(reason);
        }
    }

    /** Ends the connection of a client and, when asked for, its session, before the client can be back.
     *
     * @return false when it was not connected, and had no session to be forgotten
     */
    synchronized boolean delete(String clientId, Set<Connections.Forgotten> forgotten) {
        Session session = byClientId.get(clientId);
        if (session == null) {
            return false;
        }
        Connection connection = session.connection();
        if (connection != null) {
            if (forgotten.contains(Connections.Forgotten.WILL)) {
                connection.forgetWill();
            }
            connection.end(DisconnectReason.API_INITIATED_DISCONNECT, ReasonCode.ADMINISTRATIVE_ACTION);
            close(session, connection, DisconnectReason.API_INITIATED_DISCONNECT);
        }
        boolean forgets = forgotten.contains(Connections.Forgotten.SESSION) && !session.isOver();
        if (forgets) {
            if (forgotten.contains(Connections.Forgotten.WILL)) {
                wills.forget(session);
            }
            discard(session);
        }
        return connection != null || forgets;
    }

    private void discard(Session session) {
        if (session.isOver()) {
            return;
        }
        byClientId.remove(session.clientId, session);
        List<Delivery> ofGroups = session.end();
        wills.sessionEnded(session);
        session.subscriptions.values().forEach(subscription -> removeOnce(session, subscription));
        ofGroups.forEach(router::deliverToAnotherMember);
    }

    /** Removes a subscription of a session that is over; of several threads that try, one does. */
    private void removeOnce(Session session, Subscription subscription) {
        if (session.subscriptions.remove(subscription.filter.text(), subscription)) {
            router.remove(subscription);
        }
    }

    @Nullable Session find(String clientId) {
        return byClientId.get(clientId);
    }

    int size() {
        return byClientId.size();
    }

    /** Ends sessions whose time is over, and gives up what was never acknowledged. */
    void sweep() {
        long now = clock.nanos();
        byClientId
                .values()
                .forEach(session -> Defects.contain("A session was not looked at", () -> sweep(session, now)));
    }

    private void sweep(Session session, long now) {
        if (session.hasExpired()) {
            expire(session);
        } else {
            session.sweep(now);
        }
    }

    /** Lets no will wait from now on. */
    synchronized void stop() {
        wills.stop();
    }

    /** Publishes the wills whose delay is over. */
    synchronized void sweepWills() {
        wills.publishDue();
    }

    /** Ends every session. Called when no client is connected any more. */
    synchronized void endAll() {
        byClientId.values().forEach(this::discard);
    }

    @Override
    public void removeExpired(long now) {
        byClientId.values().forEach(session -> session.removeExpired(now));
    }

    private synchronized void expire(Session session) {
        if (session.hasExpired()) {
            discard(session);
        }
    }
}
