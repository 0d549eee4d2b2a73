package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Packet.Publish;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes what one client publishes. Used by one event loop. */
final class InboundPublishes {
    private final Core core;
    private final MessageRules rules;
    private final Session session;
    private final Clearance clearance;
    private final RateLimit rate;
    private final RequestSource source;
    private final @Nullable String[] topicsByAlias;
    private @Nullable CompletionStage<Boolean> stored;

    /** @param source the client, for services */
    InboundPublishes(Core core, Session session, Clearance clearance, RateLimit rate, RequestSource source) {
        this.core = core;
        this.rules = core.messageRules;
        this.session = session;
        this.clearance = clearance;
        this.rate = rate;
        this.source = source;
        this.topicsByAlias = new String[core.limits.messages().maxTopicAliases() + 1];
    }

    /** What became of a PUBLISH. */
    enum Outcome {
        /** It is on its way, to nobody perhaps: IoT Core does not tell. */
        TAKEN(ReasonCode.SUCCESS),
        /** Nobody listens, and this broker tells. */
        UNHEARD(ReasonCode.NO_MATCHING_SUBSCRIBERS),
        /** A rate was exceeded; it is gone, and the connection goes on. */
        THROTTLED(ReasonCode.QUOTA_EXCEEDED),
        /** The broker holds as much as it may; it is gone, and the connection goes on. */
        NO_ROOM(ReasonCode.QUOTA_EXCEEDED),
        FORBIDDEN(ReasonCode.NOT_AUTHORIZED),
        TOPIC_TOO_LARGE(ReasonCode.TOPIC_NAME_INVALID),
        PROPERTIES_TOO_LARGE(ReasonCode.QUOTA_EXCEEDED),
        /** From here on, the connection ends, whatever could be answered. */
        NO_TOPIC(ReasonCode.PROTOCOL_ERROR),
        ALIAS_INVALID(ReasonCode.TOPIC_ALIAS_INVALID),
        TOPIC_WITH_WILDCARD(ReasonCode.TOPIC_NAME_INVALID),
        TOPIC_RESERVED(ReasonCode.TOPIC_NAME_INVALID),
        PAYLOAD_TOO_LARGE(ReasonCode.QUOTA_EXCEEDED);

        final ReasonCode code;

        Outcome(ReasonCode code) {
            this.code = code;
        }

        boolean isTaken() {
            return compareTo(UNHEARD) <= 0;
        }

        boolean isFatal() {
            return compareTo(NO_TOPIC) >= 0;
        }
    }

    /** When the message that was taken last is stored; null when it need not be. */
    @Nullable CompletionStage<Boolean> stored() {
        return stored;
    }

    Outcome take(Publish publish) {
        stored = null;
        String topic = publish.topic();
        long alias = publish.properties().numberOr(PropertyId.TOPIC_ALIAS, -1);
        if (alias == 0 || alias >= topicsByAlias.length) {
            return Outcome.ALIAS_INVALID;
        }
        if (topic.isEmpty()) {
            String known = alias < 0 ? null : topicsByAlias[(int) alias];
            if (known == null) {
                return Outcome.NO_TOPIC;
            }
            topic = known;
        }
        Outcome problem = check(publish, topic);
        if (problem != null) {
            return refuse(publish, topic, problem);
        }
        if (alias > 0) {
            topicsByAlias[(int) alias] = topic;
        }
        return publish(publish, topic);
    }

    private @Nullable Outcome check(Publish publish, String topic) {
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            return Outcome.TOPIC_WITH_WILDCARD;
        }
        if (publish.payload().length > core.limits.messages().maxPayloadBytes()) {
            return Outcome.PAYLOAD_TOO_LARGE;
        }
        if (!core.topicRules.allowsName(topic)) {
            return Outcome.TOPIC_TOO_LARGE;
        }
        return rules.exceedsPropertyLimits(publish.properties()) ? Outcome.PROPERTIES_TOO_LARGE : null;
    }

    private Outcome publish(Publish publish, String topic) {
        if (!clearance.mayPublish(publish, topic)) {
            return Outcome.FORBIDDEN;
        }
        ReservedTopicService service = core.services.ownerOf(topic);
        if (service == null && !core.topicRules.mayBePublished(topic)) {
            clearance.refuseReserved(topic);
            return refuse(publish, topic, Outcome.TOPIC_RESERVED);
        }
        boolean retained = publish.retain() && service == null;
        if (!rate.tryAcquire() || !core.mayPublishNow(service, topic) || (retained && !core.mayRetainNow(topic))) {
            core.counters.dropped.increment();
            return refuse(publish, topic, Outcome.THROTTLED);
        }
        Message message = rules.messageOf(publish, topic);
        return switch (route(message, service)) {
            case TAKEN -> Outcome.TAKEN;
            case UNHEARD -> core.unheard == BrokerSettings.Unheard.UNTOLD ? Outcome.TAKEN : Outcome.UNHEARD;
            case NOT_KEPT -> Outcome.THROTTLED;
            case NO_ROOM -> Outcome.NO_ROOM;
        };
    }

    private Routed route(Message message, @Nullable ReservedTopicService service) {
        if (service != null) {
            return core.requests.handOver(service, message, source);
        }
        if (!message.retain()) {
            return core.publish(message, session);
        }
        Core.Kept kept = core.publishRetained(message, session);
        if (kept.routed() != Routed.NOT_KEPT) {
            stored = kept.stored();
        }
        return kept.routed();
    }

    /** Tells of a message that is not taken, for another reason than policies. */
    @SuppressWarnings("ReferenceEquality") // No listener is one object, and costs one comparison.
    private Outcome refuse(Publish publish, String topic, Outcome outcome) {
        MessageListener listener = core.messages;
        if (listener != MessageListener.NONE) {
            Publication content = Publication.of(topic, publish.properties(), publish.payload());
            listener.published(session.clientId, content, publish.qos(), outcome.code);
            if (outcome == Outcome.THROTTLED) {
                listener.dropped(null, content, MessageListener.Loss.QUOTA);
            } else if (outcome == Outcome.PAYLOAD_TOO_LARGE || outcome == Outcome.PROPERTIES_TOO_LARGE) {
                listener.dropped(null, content, MessageListener.Loss.TOO_LARGE);
            }
        }
        return outcome;
    }
}
