package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What a shadow desires and its device has not handled yet. Used by one thread. */
final class DesiredProperties {
    /** Of how many properties the device remembers what it did last; more than a state of 8 KB can have. Our choice. */
    private static final int MOST_HANDLED = 2_048;

    private final Map<String, Wanted> due = new LinkedHashMap<>();
    private final SequencedMap<String, Wanted> handled = new LinkedHashMap<>();

    /** Of the newest document that is known; 0 for none. */
    private long version;

    /** A desired value and the version of the document that desires it. */
    private record Wanted(JsonNode value, long version) {}

    /** A property to be handled.
     *
     * @param version of the document that desires the value
     */
    record Due(String name, JsonNode value, long version) {}

    long version() {
        return version;
    }

    /** What is desired is handled anew, and versions may begin anew. */
    void clear() {
        version = 0;
        due.clear();
        handled.clear();
    }

    /** Takes a difference. One that is older than what is known is dropped.
     *
     * @param its version
     * @param isOurs whether a report of this device caused it
     */
    void take(long its, JsonNode delta, boolean isOurs) {
        if (its < 1 || its < version) {
            return;
        }
        version = its;
        due.clear();
        delta.properties().forEach(member -> {
            String name = member.getKey();
            if (!name.equals(ShadowAgent.ACKS) && !isHandled(name, member.getValue(), its, isOurs)) {
                due.put(name, new Wanted(member.getValue(), its));
            }
        });
    }

    /** Each report after which a difference remains causes a delta: to handle that one again would never end. */
    private boolean isHandled(String name, JsonNode value, long its, boolean isOurs) {
        Wanted last = handled.get(name);
        return last != null && last.value().equals(value) && (isOurs || its <= last.version());
    }

    /** The next property to be handled, which counts as handled from now on; null when there is none. */
    @Nullable Due next() {
        Iterator<Map.Entry<String, Wanted>> next = due.entrySet().iterator();
        if (!next.hasNext()) {
            return null;
        }
        Map.Entry<String, Wanted> entry = next.next();
        String name = entry.getKey();
        Wanted wanted = entry.getValue();
        next.remove();
        remember(name, wanted);
        return new Due(name, wanted.value(), wanted.version());
    }

    private void remember(String name, Wanted wanted) {
        handled.remove(name);
        handled.put(name, wanted);
        if (handled.size() > MOST_HANDLED) {
            var unused = handled.pollFirstEntry();
        }
    }

    /** The device changed a property by itself: the same value is handled again when it is desired. */
    void forget(String name) {
        handled.remove(name);
    }

    /** Of how many properties the device knows what it did last. */
    int remembered() {
        return handled.size();
    }
}
