package dev.roundtrip.local.story;

import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A topic that names a call.
 *
 * @param route the names in it
 */
record CallTopic(Kind kind, Route route) {
    private static final int ID_LENGTH = 36;

    enum Kind {
        REQUEST,
        ANSWER
    }

    /** Reads a topic; null when it names no call. */
    static @Nullable CallTopic of(@Nullable String topic) {
        // Most other topics are recognized without an exception.
        if (topic == null || topic.length() < ID_LENGTH || topic.indexOf('-') < 0) {
            return null;
        }
        Optional<Route> answer = topic.endsWith("/ack") ? Route.ofAnswerTopic(topic) : Optional.empty();
        if (answer.isPresent()) {
            return new CallTopic(Kind.ANSWER, answer.get());
        }
        return endsWithId(topic)
                ? Route.ofRequestTopic(topic)
                        .map(route -> new CallTopic(Kind.REQUEST, route))
                        .orElse(null)
                : null;
    }

    private static boolean endsWithId(String topic) {
        int slash = topic.lastIndexOf('/');
        return topic.length() - slash - 1 == ID_LENGTH;
    }

    MessageId id() {
        return route.id();
    }
}
