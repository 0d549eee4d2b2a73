package dev.roundtrip.local.iot.shadow;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.Keys;
import java.util.regex.Pattern;

/** Which shadow: that of a thing, which has no name of its own, or a named one. Nothing need be registered. Immutable.
 *
 * @param shadow empty for the classic shadow
 */
record ShadowName(String thing, String shadow) {
    private static final Pattern THING = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
    private static final Pattern SHADOW = Pattern.compile("[$a-zA-Z0-9:_-]{1,64}");
    private static final String CLASSIC = "";

    /** @throws Refusal when no thing may have this name */
    static ShadowName classic(String thing) throws Refusal {
        check(THING, thing, "thingName");
        return new ShadowName(thing, CLASSIC);
    }

    /** @throws Refusal when no thing or no shadow may have this name */
    static ShadowName named(String thing, String shadow) throws Refusal {
        check(THING, thing, "thingName");
        check(SHADOW, shadow, "shadowName");
        return new ShadowName(thing, shadow);
    }

    private static void check(Pattern pattern, String name, String what) throws Refusal {
        if (!pattern.matcher(name).matches()) {
            throw Refusal.invalid(what + " must match " + pattern.pattern());
        }
    }

    /** The key of its row; those of the named shadows of a thing begin with that of its classic one. */
    String key() {
        return Keys.of(thing, shadow);
    }

    /** With which its topics begin. */
    String topic() {
        String classic = "$aws/things/" + thing + "/shadow/";
        return shadow.isEmpty() ? classic : classic + "name/" + shadow + '/';
    }

    /** What is said where there is none. */
    Refusal missing() {
        String name = shadow.isEmpty() ? thing : thing + OpenFacts.BETWEEN_NAMES + shadow;
        return new Refusal(ErrorType.RESOURCE_NOT_FOUND, "No shadow exists with name: '" + name + "'");
    }
}
