package dev.roundtrip.local.broker;

import org.jspecify.annotations.Nullable;

/** What a connection has once its CONNECT was accepted. */
final class Established {
    final Session session;
    final Admission.Accepted terms;
    final Lifecycle.Client client;
    final InboundPublishes publishes;
    final InboundSubscriptions subscriptions;
    final RateLimit rate;

    private volatile @Nullable Message will;
    private volatile long presenceVersion;

    Established(Core core, Session session, Admission.Accepted terms, Principal principal) {
        this.session = session;
        this.terms = terms;
        this.client = new Lifecycle.Client(terms.clientId(), principal, session.identifier);
        this.rate = new RateLimit(core.limits.rates().publishesPerConnection(), core.clock);
        this.publishes = new InboundPublishes(core, session, terms.permissions(), rate);
        this.subscriptions = new InboundSubscriptions(core, client, session, terms.permissions());
        this.will = terms.will();
    }

    @Nullable Message will() {
        return will;
    }

    void forgetWill() {
        will = null;
    }

    long presenceVersion() {
        return presenceVersion;
    }

    void notePresenceVersion(long version) {
        presenceVersion = version;
    }
}
