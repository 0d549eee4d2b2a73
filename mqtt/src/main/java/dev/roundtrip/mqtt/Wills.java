package dev.roundtrip.mqtt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The wills of all clients: those of connected ones, and those of clients that are away, until they are due.
 *
 * <p>A will is due when its delay is over or its session ends, whichever comes first, and never once its client is
 * back. Source: MQTT
 * 5.0, sections 3.1.2.5 and 3.1.3.2.2. Every will is on the {@link Backlog}'s account from CONNECT on, so all of them
 * together are bounded in bytes; and a session has one at most.
 *
 * <p>Any thread takes and gives back room. All else takes turns on the monitor of {@link Sessions}, which whoever calls
 * holds.
 */
final class Wills {
    private final Map<Session, Pending> pending = new HashMap<>();
    private final Backlog backlog;
    private final BrokerClock clock;
    private final MessageRules rules;
    private final RetainedMessages retained;
    private final Router router;
    private final ReservedServices services;
    private final ServiceRequests requests;
    private final RequestLanes.Share share;
    private boolean stopped;

    Wills(Core core) {
        this.backlog = core.backlog;
        this.clock = core.clock;
        this.rules = core.messageRules;
        this.retained = core.retained;
        this.router = core.router;
        this.services = core.services;
        this.requests = core.requests;
        this.share = core.lanes.ofBroker();
    }

    private record Pending(LastWill will, long dueAt) {
        boolean isDue(long now) {
            return now - dueAt >= 0;
        }
    }

    /** Takes room for a will; false when there is none. */
    boolean takeRoom(LastWill will) {
        return backlog.take(will.content(), Backlog.Claim.STORED);
    }

    /** Gives back the room of a will that is not to be published. */
    void giveBack(LastWill will) {
        backlog.giveBack(will.content());
    }

    /** Takes the will of a connection that ended. */
    void connectionEnded(Session session, LastWill will) {
        if (will.delay().isZero() || session.isOver()) {
            publish(session, will);
        } else if (stopped) {
            giveBack(will);
        } else {
            pending.put(session, new Pending(will, clock.nanos() + will.delay().toNanos()));
        }
    }

    /** Gives up the will that waits for a client which is back, unless it came too late. */
    void clientIsBack(Session session) {
        Pending waiting = pending.get(session);
        if (waiting != null && waiting.isDue(clock.nanos())) {
            sessionEnded(session);
        } else {
            forget(session);
        }
    }

    /** Gives up the will that waits for a client, if there is one. */
    void forget(Session session) {
        Pending waiting = pending.remove(session);
        if (waiting != null) {
            giveBack(waiting.will);
        }
    }

    /** Publishes the will that waits for a client, if there is one. */
    void sessionEnded(Session session) {
        Pending waiting = pending.remove(session);
        if (waiting != null) {
            publish(session, waiting.will);
        }
    }

    /** Publishes the wills whose delay is over. */
    void publishDue() {
        if (pending.isEmpty()) {
            return;
        }
        long now = clock.nanos();
        List<Session> due = new ArrayList<>();
        pending.forEach((session, waiting) -> {
            if (waiting.isDue(now)) {
                due.add(session);
            }
        });
        // A message may cut a connection on its way, which leaves a will here.
        due.forEach(this::sessionEnded);
    }

    private void publish(Session session, LastWill will) {
        giveBack(will);
        Message message = rules.messageOf(will);
        ReservedTopicService service = services.ownerOf(message.topic());
        if (service != null) {
            RequestSource source = new RequestSource(session.clientId, will.publisher(), RequestSource.NOBODY, share);
            Routed ignored = requests.handOver(service, message, source);
            return;
        }
        if (message.retain()) {
            var ignored = retained.keep(message);
        }
        router.publish(message, session);
    }

    /** Gives up every will that waits, and lets none wait from now on: the sessions end with the broker. */
    void stop() {
        stopped = true;
        pending.values().forEach(waiting -> giveBack(waiting.will));
        pending.clear();
    }
}
