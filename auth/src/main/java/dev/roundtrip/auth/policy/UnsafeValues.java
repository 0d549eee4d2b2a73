package dev.roundtrip.auth.policy;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds values of policy variables that would turn a topic of a policy into a filter, or into another topic.
 *
 * <p>AWS IoT Core puts a value in as it is. Its developer guide, "Basic AWS IoT Core policy variables", warns of a
 * client id {@code +}, with which {@code topicfilter/my/${iot:ClientId}/topic} allows everybody's topics. A device
 * chooses its client id, and with a certificate request the subject of its certificate; where it signs itself, the
 * issuer too. A variable counts wherever it stands in a statement, in a condition too.
 */
final class UnsafeValues {
    private static final Pattern CHOSEN_BY_DEVICES = Pattern.compile("iot:(clientid|certificate\\..*)");

    /** Wildcards of MQTT, further levels, and the beginning of reserved topics and shared subscriptions. */
    private static final Pattern UNSAFE_OF_DEVICES = Pattern.compile("^\\$|[+#/]");

    private static final Pattern UNSAFE = Pattern.compile("[+#]");

    private UnsafeValues() {}

    /** Why policies cannot be bound to a connection or request, without the value; empty when they can. */
    static Optional<String> reason(Collection<Policy> policies, PolicyContext context) {
        return policies.stream()
                .flatMap(policy -> policy.statements().stream())
                .flatMap(statement -> statement.variables().stream())
                .filter(name -> context.value(name)
                        .filter(value -> unsafe(name).matcher(value).find())
                        .isPresent())
                .findFirst()
                .map(name -> "a policy uses ${" + name + "}, whose value would change the levels of a topic: it has "
                        + (isChosenByDevices(name) ? "+, # or /, or begins with $" : "+ or #"));
    }

    private static Pattern unsafe(String name) {
        return isChosenByDevices(name) ? UNSAFE_OF_DEVICES : UNSAFE;
    }

    private static boolean isChosenByDevices(String name) {
        return CHOSEN_BY_DEVICES.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
}
