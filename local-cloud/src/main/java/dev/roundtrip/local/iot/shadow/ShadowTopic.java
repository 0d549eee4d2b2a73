package dev.roundtrip.local.iot.shadow;

import dev.roundtrip.local.http.operation.Refusal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A topic to which requests to a shadow are published. Immutable.
 *
 * @param text the topic
 * @param thing as published, and not checked
 * @param shadow as published, and not checked; null for the classic one
 */
record ShadowTopic(String text, String thing, @Nullable String shadow, Verb verb) {
    private static final int THING = 2;
    private static final int SHADOW = 5;

    /** What is asked. */
    enum Verb {
        GET,
        UPDATE,
        DELETE
    }

    /** The topics of all requests, as filters. */
    static List<String> all() {
        return List.of(
                "$aws/things/+/shadow/get",
                "$aws/things/+/shadow/update",
                "$aws/things/+/shadow/delete",
                "$aws/things/+/shadow/name/+/get",
                "$aws/things/+/shadow/name/+/update",
                "$aws/things/+/shadow/name/+/delete");
    }

    /** @param topic matches one of {@link #all} */
    static ShadowTopic of(String topic) {
        String[] levels = topic.split("/", -1);
        Verb verb = Verb.valueOf(levels[levels.length - 1].toUpperCase(Locale.ROOT));
        return levels.length > SHADOW
                ? new ShadowTopic(topic, levels[THING], levels[SHADOW], verb)
                : new ShadowTopic(topic, levels[THING], null, verb);
    }

    /** The shadow.
     *
     * @throws Refusal when no thing or no shadow may have this name
     */
    ShadowName name() throws Refusal {
        return shadow == null ? ShadowName.classic(thing) : ShadowName.named(thing, shadow);
    }

    String accepted() {
        return text + "/accepted";
    }

    String rejected() {
        return text + "/rejected";
    }
}
