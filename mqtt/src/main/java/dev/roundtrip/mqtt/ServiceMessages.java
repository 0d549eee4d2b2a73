package dev.roundtrip.mqtt;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What services publish beside the clients of a broker, which may start again at any time. Thread-safe. */
final class ServiceMessages implements Messages {
    private final Supplier<Core> now;
    private final RequestSource source;

    /** @param share what requests to services may have in flight */
    ServiceMessages(Supplier<Core> now, RequestLanes.Share share) {
        this.now = now;
        this.source = new RequestSource("", new DataPlanePrincipal(), RequestSource.NOBODY, share);
    }

    /** Whoever publishes over the data plane, which has verified and authorized them, and does not say who it is. */
    private record DataPlanePrincipal() implements Principal {
        @Override
        public String id() {
            return "";
        }

        @Override
        public @Nullable String thingName() {
            return null;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            return (action, resource) -> false;
        }
    }

    @Override
    public Outcome publish(Outgoing outgoing) {
        Core core = now.get();
        String topic = outgoing.content().topic();
        ReservedTopicService service = core.services.ownerOf(topic);
        if (service == null && !core.topicRules.mayBePublished(topic)) {
            return Outcome.RESERVED;
        }
        boolean retain = outgoing.retention() == Retention.RETAINED && service == null;
        Message message = new Message(
                outgoing.content(), outgoing.qos(), retain, core.messageRules.expiresAt(outgoing.expirySeconds()));
        if (!core.mayPublishNow(service, topic) || (retain && !core.mayRetainNow(topic))) {
            core.counters.dropped.increment();
            core.router.refuse(message, null, MessageListener.Loss.QUOTA);
            return Outcome.THROTTLED;
        }
        Routed routed;
        if (service != null) {
            routed = core.requests.handOver(service, message, source);
        } else if (retain) {
            Core.Kept kept = core.publishRetained(message, null);
            routed = kept.routed();
            if (routed != Routed.NOT_KEPT
                    && !kept.stored().toCompletableFuture().join()) {
                return Outcome.NOT_STORED;
            }
        } else {
            routed = core.publish(message, null);
        }
        return switch (routed) {
            case TAKEN, UNHEARD -> Outcome.TAKEN;
            case NOT_KEPT -> Outcome.THROTTLED;
            case NO_ROOM -> Outcome.NO_ROOM;
        };
    }

    @Override
    public Optional<Retained> retained(String topic) {
        return Optional.ofNullable(now.get().retained.findKept(topic)).map(ServiceMessages::retained);
    }

    @Override
    public List<Retained> retainedAfter(String topic, int most) {
        return now.get().retained.after(topic, most).stream()
                .map(ServiceMessages::retained)
                .toList();
    }

    private static Retained retained(RetainedMessages.Kept kept) {
        Message message = kept.message();
        return new Retained(message.publication(), message.qos(), kept.since());
    }
}
