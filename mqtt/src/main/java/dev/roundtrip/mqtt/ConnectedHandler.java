package dev.roundtrip.mqtt;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a connection has once its CONNECT was accepted. */
final class ConnectedHandler {
    final Session session;
    final ConnectHandler.Accepted terms;
    final LifecycleListener.Client client;
    final ConnectionLog.Peer peer;
    final InboundPublishes publishes;
    final InboundSubscriptions subscriptions;
    final RateLimit rate;

    private final Wills wills;
    private final AtomicReference<@Nullable LastWill> will;
    private volatile long presenceVersion;

    ConnectedHandler(Core core, Connection connection, Session session, ConnectHandler.Accepted terms) {
        ClientAddress origin = connection.origin();
        this.session = session;
        this.terms = terms;
        this.client = new LifecycleListener.Client(terms.clientId(), origin.principal(), session.identifier);
        this.peer = new ConnectionLog.Peer(terms.clientId(), origin.principal(), origin.source());
        Clearance clearance = new Clearance(core, peer, terms);
        this.rate = new RateLimit(core.limits.rates().publishesPerConnection(), core.clock);
        this.publishes = new InboundPublishes(core, session, clearance, rate, source(core, connection));
        this.subscriptions = new InboundSubscriptions(core, client, session, clearance);
        this.wills = core.wills;
        this.will = new AtomicReference<>(terms.will());
    }

    private RequestSource source(Core core, Connection connection) {
        return new RequestSource(
                client.clientId(),
                client.principal(),
                new ConnectionRequester(session, connection, core),
                core.lanes.ofConnection());
    }

    /** The will, once: whoever takes it publishes it or gives it up. */
    @Nullable LastWill takeWill() {
        return will.getAndSet(null);
    }

    void forgetWill() {
        LastWill forgotten = takeWill();
        if (forgotten != null) {
            wills.giveBack(forgotten);
        }
    }

    long presenceVersion() {
        return presenceVersion;
    }

    void notePresenceVersion(long version) {
        presenceVersion = version;
    }
}
