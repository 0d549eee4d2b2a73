package dev.roundtrip.local.commands;

import dev.roundtrip.invoke.lambda.Settings;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A setting of the function that the local cloud leaves to its user.
 *
 * @param name one of {@link #NAMES}
 * @param value what the function finds in that environment variable; empty for its default
 */
record FunctionSetting(String name, String value) {
    /** Settings that the local cloud makes itself, with what to use instead. */
    private static final Map<String, String> MADE_HERE = Map.of(
            "WSS_ENDPOINT", "use --broker",
            "BROKER_CA_FILE", "use --broker-ca",
            "AWS_REGION", "set the environment variable before the state directory is made",
            "CLIENT_ID_PREFIX", "the policies of the state directory are made for one prefix");

    /** The names of the settings that a user may choose, in the order of the documentation. */
    static final List<String> NAMES =
            Settings.NAMES.stream().filter(name -> !MADE_HERE.containsKey(name)).toList();

    /** Reads {@code NAME=VALUE}.
     *
     * @throws IllegalArgumentException when it is none, or the setting is not the user's to choose
     */
    static FunctionSetting parse(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (MADE_HERE.containsKey(name)) {
            throw new IllegalArgumentException(
                    name + " is set by the local cloud: " + MADE_HERE.get(name) + "; others are " + known());
        }
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "the function has no setting '" + name + "'; the settings are " + known());
        }
        if (equals < 0) {
            throw new IllegalArgumentException("a setting is NAME=VALUE, but this one is '" + text + "'");
        }
        return new FunctionSetting(name, text.substring(equals + 1));
    }

    /** {@link #NAMES} for the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }

    private static String known() {
        return String.join(", ", NAMES);
    }
}
