package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is desired of a device and not applied yet, and what the device has handled. Used by one thread. */
final class Wishes {
    /** Of how many properties the device remembers what it did last; more than a state of 8 KB can have. Our choice. */
    private static final int MOST_HANDLED = 2_048;

    private final Map<String, Wanted> due = new LinkedHashMap<>();
    private final SequencedMap<String, Wanted> handled = new LinkedHashMap<>();

    /** Forgets everything: what is desired next is applied anew. */
    void forget() {
        due.clear();
        handled.clear();
    }

    /** Takes a difference, in the place of the one before.
     *
     * @param isOurs whether a report of this device caused it
     */
    void take(JsonNode delta, long version, boolean isOurs) {
        due.clear();
        delta.properties().forEach(member -> {
            String name = member.getKey();
            if (!name.equals(ShadowAgent.ACKS) && !isHandled(name, member.getValue(), version, isOurs)) {
                due.put(name, new Wanted(member.getValue(), version));
            }
        });
    }

    /** Each report after which a difference remains causes a delta: to handle that one again would never end. */
    private boolean isHandled(String name, JsonNode value, long its, boolean isOurs) {
        Wanted last = handled.get(name);
        return last != null && last.value().equals(value) && (isOurs || its <= last.version());
    }

    /** What is to be applied next, by the property's name; from now on it is handled.
     *
     * @param mayBe which properties can be applied now
     * @return null when there is none
     */
    Map.@Nullable Entry<String, Wanted> next(Predicate<String> mayBe) {
        String name = due.keySet().stream().filter(mayBe).findFirst().orElse(null);
        Wanted wanted = name == null ? null : due.remove(name);
        if (name == null || wanted == null) {
            return null;
        }
        remember(name, wanted);
        return Map.entry(name, wanted);
    }

    /** Whether nothing is to be applied. */
    boolean isEmpty() {
        return due.isEmpty();
    }

    private void remember(String name, Wanted wanted) {
        handled.remove(name);
        handled.put(name, wanted);
        if (handled.size() > MOST_HANDLED) {
            var unused = handled.pollFirstEntry();
        }
    }

    /** The device changed a property by itself: what was desired of it counts anew. */
    void changed(String name) {
        handled.remove(name);
    }

    /** Of how many properties the device knows what it did last. */
    int remembered() {
        return handled.size();
    }
}
