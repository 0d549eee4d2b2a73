package dev.roundtrip.local.api;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.mqtt.topic.TopicFilter;
import dev.roundtrip.protocol.Route;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which events a stream has. Immutable.
 *
 * @param kinds at least one
 * @param topics of messages; empty for all
 * @param calls of calls; its device is that of messages and clients too
 */
@SuppressWarnings("ImmutableEnumChecker")
record EventFilter(Set<Kind> kinds, List<TopicFilter> topics, CallFilter calls) {
    static final Set<String> NAMES = Set.of("kind", "topic", "device", "caller", "failed");
    private static final int MAX_TOPICS = 16;

    enum Kind {
        CALL,
        MESSAGE,
        CLIENT,
        LOG;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static EventFilter of(Parameters query) throws Refusal {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (String word : query.all("kind")) {
            kinds.add(kind(word));
        }
        List<TopicFilter> topics = new ArrayList<>();
        for (String text : query.all("topic")) {
            topics.add(TopicFilter.parse(text)
                    .filter(filter -> !filter.isShared())
                    .orElseThrow(() -> Refusal.invalid("topic must be an MQTT topic filter")));
        }
        if (topics.size() > MAX_TOPICS) {
            throw Refusal.invalid("topic may be given " + MAX_TOPICS + " times");
        }
        return new EventFilter(
                kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds, List.copyOf(topics), CallFilter.of(query));
    }

    private static Kind kind(String word) throws Refusal {
        for (Kind each : Kind.values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw Refusal.invalid("kind must be call, message, client or log");
    }

    /** Whether no journal is needed. */
    boolean isLogOnly() {
        return kinds.equals(Set.of(Kind.LOG));
    }

    boolean has(Kind kind) {
        return kinds.contains(kind);
    }

    /** The kind of a step; null when it is a step of calls alone. */
    private static @Nullable Kind kind(Step step) {
        return switch (step) {
            case RECEIVED, AUTHORIZED, REFUSED, HANDED_OVER, FUNCTION_FAILED, TOLD -> null;
            case PUBLISHED, PUBLISH_REFUSED, MATCHED, UNMATCHED, SENT, ACKNOWLEDGED, DROPPED, FAULT -> Kind.MESSAGE;
            case CONNECTED, CONNECT_REFUSED, DISCONNECTED, SUBSCRIBED, SUBSCRIBE_REFUSED, UNSUBSCRIBED -> Kind.CLIENT;
        };
    }

    /** As what a step is an event of the stream; null when it is none. */
    @Nullable Kind kindOf(Entry entry) {
        Kind kind = kind(entry.step());
        boolean takes = kind != null && has(kind) && isOfDevice(entry) && (kind != Kind.MESSAGE || isOfTopic(entry));
        return takes ? kind : null;
    }

    private boolean isOfDevice(Entry entry) {
        String device = calls.device();
        if (device == null || device.equals(entry.client())) {
            return true;
        }
        String topic = String.valueOf(entry.subject());
        return topic.startsWith(device + "/")
                || Optional.of(topic)
                        .filter(each -> each.endsWith("/ack"))
                        .flatMap(Route::ofAnswerTopic)
                        .filter(route -> route.target().value().equals(device))
                        .isPresent();
    }

    private boolean isOfTopic(Entry entry) {
        String topic = entry.subject();
        return topics.isEmpty() || (topic != null && topics.stream().anyMatch(filter -> filter.matches(topic)));
    }
}
