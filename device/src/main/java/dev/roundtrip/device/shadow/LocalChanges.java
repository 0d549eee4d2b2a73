package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Changes that a device made by itself, until the thread of its shadow takes them: the last one of each property.
 * Thread-safe.
 */
final class LocalChanges {
    /** How many properties a device reports at most; our choice. */
    private static final int MOST_PROPERTIES = 256;

    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** Guarded by itself. */
    private final Map<String, JsonNode> changes = new LinkedHashMap<>();

    /** Adds a change.
     *
     * @return whether no other one waits
     * @throws IllegalArgumentException when there are too many properties, or the value has more than 8 KB
     */
    boolean add(String property, JsonNode value) {
        if (property.equals(ShadowAgent.ACKS) || (reported.size() >= MOST_PROPERTIES && !reported.contains(property))) {
            throw new IllegalArgumentException(
                    "a device reports at most " + MOST_PROPERTIES + " properties, and not '" + ShadowAgent.ACKS + "'");
        }
        if (!Said.fits(value)) {
            throw new IllegalArgumentException(
                    "a reported value has at most " + Said.MAX_VALUE_BYTES + " bytes of JSON");
        }
        reported.add(property);
        synchronized (changes) {
            boolean isFirst = changes.isEmpty();
            changes.put(property, value);
            return isFirst;
        }
    }

    /** Takes all out. */
    Map<String, JsonNode> take() {
        synchronized (changes) {
            Map<String, JsonNode> all = Map.copyOf(changes);
            changes.clear();
            return all;
        }
    }
}
