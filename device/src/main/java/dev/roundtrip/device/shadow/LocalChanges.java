package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Changes that a device made by itself and its shadow's thread has not seen yet; the last one of each property.
 * Thread-safe.
 */
final class LocalChanges {
    /** How many properties a device reports at most; our choice. */
    private static final int MOST_PROPERTIES = 256;

    /** How long a reported value may be as JSON, in bytes. Source: AWS General Reference, "AWS IoT Device Shadow": a
     * state has 8 KB at most.
     */
    private static final int MAX_VALUE_BYTES = 8 * 1024;

    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** Guarded by itself. */
    private final Map<String, JsonNode> changes = new LinkedHashMap<>();

    /** @return whether it is the first one since {@link #take}
     * @throws IllegalArgumentException when there are too many properties, or the value has more than 8 KB
     */
    boolean add(String property, JsonNode value) {
        if (property.equals(ShadowAgent.ACKS) || (reported.size() >= MOST_PROPERTIES && !reported.contains(property))) {
            throw new IllegalArgumentException(
                    "a device reports at most " + MOST_PROPERTIES + " properties, and not '" + ShadowAgent.ACKS + "'");
        }
        if (Json.write(value).length > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("a reported value has at most " + MAX_VALUE_BYTES + " bytes of JSON");
        }
        reported.add(property);
        synchronized (changes) {
            boolean isFirst = changes.isEmpty();
            changes.put(property, value);
            return isFirst;
        }
    }

    /** All of them, which are seen then. */
    Map<String, JsonNode> take() {
        synchronized (changes) {
            Map<String, JsonNode> all = Map.copyOf(changes);
            changes.clear();
            return all;
        }
    }
}
