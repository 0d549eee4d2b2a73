package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.topic.TopicRules;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What all connections of one broker share. Thread-safe. */
final class Core {
    private static final long EXPIRY_SWEEP = TimeUnit.MINUTES.toNanos(1);

    /** How often presence and rates are swept, of which there may be many; our choice. */
    private static final long MEMORY_SWEEP = TimeUnit.SECONDS.toNanos(1);

    final BrokerLimits limits;
    final BrokerClock clock;
    final BrokerSettings.Unheard unheard;
    final MessageListener messages;
    final Counters counters = new Counters();
    final TopicRules topicRules;
    final Backlog backlog;
    final Router router;
    final Wills wills;
    final Sessions sessions;
    final Presence presence;
    final LifecycleListener lifecycle;
    final ConnectionLog log;
    final ReservedServices services;
    final RequestLanes lanes;
    final InjectorSwitch injectors;
    final ServiceRequests requests;
    final MessageRules messageRules;
    final RetainedMessages retained;
    final RateLimit connects;
    final RateLimit inboundPublishes;
    final RateLimit subscriptions;
    final RateLimit retainedPublishes;
    final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    /** Channels that have not had a good CONNECT, and the nanoseconds after which they are closed. */
    final Map<Channel, Long> unauthenticated = new ConcurrentHashMap<>();

    private final Map<String, RateLimit> connectsByClient = new ConcurrentHashMap<>();
    private final Map<String, RateLimit> retainedByTopic = new ConcurrentHashMap<>();
    private long expiredSweptAt;
    private long memorySweptAt;

    Core(BrokerSettings settings, InjectorSwitch injectors, ReservedServices services, RequestLanes lanes) {
        this.injectors = injectors;
        this.services = services;
        this.lanes = lanes;
        this.unheard = settings.unheard();
        this.messages = settings.messages();
        this.limits = settings.limits();
        this.clock = settings.clock();
        expiredSweptAt = clock.nanos();
        memorySweptAt = expiredSweptAt;
        topicRules = new TopicRules(limits.topics().maxBytes(), limits.topics().maxSlashes());
        backlog = new Backlog(limits.memory(), clock);
        router = new Router(settings, counters, backlog, injectors);
        presence = new Presence(clock);
        lifecycle = settings.lifecycle().create(new OwnMessages(router), clock);
        log = settings.log();
        messageRules = new MessageRules(limits.messages(), clock);
        retained = new RetainedMessages(limits.topics().maxRetained(), backlog, clock, settings.retained());
        requests = new ServiceRequests(lanes, counters, backlog, settings, injectors);
        wills = new Wills(this);
        sessions = new Sessions(settings, counters, backlog, router, wills);
        connects = new RateLimit(limits.rates().connects(), clock);
        inboundPublishes = new RateLimit(limits.rates().inboundPublishes(), clock);
        subscriptions = new RateLimit(limits.rates().subscriptions(), clock);
        retainedPublishes = new RateLimit(limits.rates().retained(), clock);
    }

    /** What the broker says itself. */
    private record OwnMessages(Router router) implements LifecycleListener.Publisher {
        @Override
        public boolean hasReceivers(String topic) {
            return router.hasReceivers(topic);
        }

        @Override
        public void publish(String topic, byte[] payload) {
            router.publish(Message.ofBroker(Publication.of(topic, payload)), null);
        }
    }

    boolean mayConnectNow(String clientId) {
        return connects.tryAcquire()
                && tryAcquire(connectsByClient, clientId, limits.rates().connectsPerClient());
    }

    /** Tells whether the account may publish now.
     *
     * @param service owns the topic; null when none does
     */
    boolean mayPublishNow(@Nullable ReservedTopicService service, String topic) {
        return inboundPublishes.tryAcquire(service == null ? 1 : service.publishesOf(topic));
    }

    boolean mayRetainNow(String topic) {
        return retainedPublishes.tryAcquire()
                && tryAcquire(retainedByTopic, topic, limits.rates().retainedPerTopic());
    }

    private boolean tryAcquire(Map<String, RateLimit> limitsByName, String name, int perSecond) {
        return perSecond == 0
                || limitsByName
                        .computeIfAbsent(name, absent -> new RateLimit(perSecond, clock))
                        .tryAcquire();
    }

    /** Tells whether anybody but a service may publish to a topic at all. */
    boolean mayBePublished(String topic) {
        return topicRules.mayBePublished(topic) || services.ownerOf(topic) != null;
    }

    /** Publishes a message that is not retained.
     *
     * @param publisher who published it, null for a service
     */
    Routed publish(Message message, @Nullable Session publisher) {
        return count(router.publish(message, publisher));
    }

    /** What became of a retained message, and when it is stored. */
    record Kept(Routed routed, CompletionStage<Boolean> stored) {}

    /** Publishes a message, and keeps it.
     *
     * @param publisher who published it, null for a service
     */
    Kept publishRetained(Message message, @Nullable Session publisher) {
        synchronized (sessions) {
            // Whoever publishes to the topic next is also the one whose message is retained.
            RetainedMessages.Keeping keeping = retained.keep(message);
            Routed routed = keeping.kept() ? router.publish(message, publisher) : notKept(message, publisher);
            return new Kept(count(routed), keeping.stored());
        }
    }

    private Routed notKept(Message message, @Nullable Session publisher) {
        router.refuse(message, publisher, MessageListener.Loss.NO_ROOM);
        return Routed.NOT_KEPT;
    }

    private Routed count(Routed routed) {
        switch (routed) {
            case TAKEN, UNHEARD -> counters.published.increment();
            case NOT_KEPT -> counters.dropped.increment();
            case NO_ROOM -> {}
        }
        return routed;
    }

    /** Looks at every deadline; called again and again by one thread. What fails is logged, and everything else is
     * done.
     */
    void sweep() {
        Defects.contain("Connections without a CONNECT were not looked at", this::closeUnauthenticated);
        Defects.contain("Connections were not looked at", this::sweepConnections);
        Defects.contain("Sessions were not looked at", sessions::sweep);
        Defects.contain("Wills were not looked at", sessions::sweepWills);
        Defects.contain("Expired messages were not looked for", this::sweepExpired);
        long now = clock.nanos();
        if (now - memorySweptAt >= MEMORY_SWEEP) {
            memorySweptAt = now;
            Defects.contain("Presence was not looked at", presence::sweep);
            Defects.contain("Rates were not looked at", this::sweepRates);
        }
    }

    private void closeUnauthenticated() {
        long now = clock.nanos();
        unauthenticated.forEach((channel, deadline) -> {
            if (now - deadline >= 0) {
                ChannelFuture ignored = channel.close();
            }
        });
    }

    private void sweepConnections() {
        long now = clock.nanos();
        connections.forEach(
                connection -> Defects.contain("A connection was not looked at", () -> connection.sweep(now)));
    }

    private void sweepExpired() {
        long now = clock.nanos();
        if (now - expiredSweptAt >= EXPIRY_SWEEP) {
            expiredSweptAt = now;
            backlog.removeExpired();
        }
    }

    private void sweepRates() {
        connectsByClient.values().removeIf(RateLimit::isFull);
        retainedByTopic.values().removeIf(RateLimit::isFull);
    }

    /** Lets go of everything. Called when no client is connected any more. */
    void end() {
        sessions.endAll();
        retained.end();
    }

    BrokerCounters snapshot() {
        return new BrokerCounters(
                counters.accepted.sum(),
                counters.refused.sum(),
                counters.connected.get(),
                sessions.size(),
                counters.subscriptions.get(),
                retained.size(),
                counters.subscribes.sum(),
                counters.unsubscribes.sum(),
                counters.published.sum(),
                counters.directs.sum(),
                counters.delivered.sum(),
                counters.acknowledged.sum(),
                counters.dropped.sum(),
                backlog.messages(),
                backlog.bytes());
    }
}
