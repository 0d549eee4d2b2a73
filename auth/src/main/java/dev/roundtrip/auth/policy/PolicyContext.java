package dev.roundtrip.auth.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is known of a connection or request under the names that policies use: {@code iot:ClientId},
 * {@code aws:SourceIp} and so on.
 *
 * <p>Names are compared without regard to case, as IAM does, but for what stands in brackets:
 * {@code iot:Connection.Thing.Attributes[Room]} and {@code …[room]} are two. Immutable.
 */
public final class PolicyContext {
    private static final PolicyContext EMPTY = new PolicyContext(Map.of());

    private final Map<String, List<String>> values;

    private PolicyContext(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Knows nothing. */
    public static PolicyContext empty() {
        return EMPTY;
    }

    /** Knows one value under each name; cheaper than to add one after the other.
     *
     * @param values by name, for example {@code aws:SourceIp}; no two names that differ in case alone
     */
    public static PolicyContext of(Map<String, String> values) {
        Map<String, List<String>> known = HashMap.newHashMap(values.size());
        values.forEach((name, value) -> known.put(canonical(name), List.of(value)));
        return new PolicyContext(known);
    }

    /** This context with the given values under a name, in the place of those it had.
     *
     * @param name for example {@code iot:ClientId}
     * @param values none takes the name away; more than one can be used in conditions, but not as a variable
     */
    public PolicyContext with(String name, String... values) {
        Map<String, List<String>> more = new HashMap<>(this.values);
        if (values.length == 0) {
            more.remove(canonical(name));
        } else {
            more.put(canonical(name), List.of(values));
        }
        return new PolicyContext(Map.copyOf(more));
    }

    /** All values under a name; empty when it is not known. */
    List<String> values(String name) {
        return values.getOrDefault(canonical(name), List.of());
    }

    /** The value for a policy variable; empty when the name is not known or has several values. */
    Optional<String> value(String name) {
        List<String> found = values(name);
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static String canonical(String name) {
        int bracket = name.indexOf('[');
        int end = bracket < 0 ? name.length() : bracket;
        return name.substring(0, end).toLowerCase(Locale.ROOT) + name.substring(end);
    }
}
