package dev.roundtrip.device.job;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** What a device has said of an execution so far. What was remembered stays; what was reported as progress makes room
 * for it. Used by one thread at a time.
 */
final class ReportedDetails {
    /** What the service had at the beginning, and what was remembered since. */
    private final Map<String, String> kept;

    /** Of these, what was remembered since. */
    private final Set<String> remembered = new HashSet<>();

    /** Of these, what the service had and is reported as progress again: it may make room. */
    private final Set<String> repeated = new HashSet<>();

    /** Progress, the newest last. */
    private final SequencedMap<String, String> passing = new LinkedHashMap<>();

    ReportedDetails(StatusDetails before) {
        this.kept = new LinkedHashMap<>(before.pairs());
    }

    /** @throws IllegalArgumentException when the service would not give the same pairs back, or there is no room */
    void remember(Map<String, String> more) {
        if (!new StatusDetails(more).pairs().equals(more)) {
            throw new IllegalArgumentException("an execution remembers " + StatusDetails.MOST_PAIRS + " pairs of keys"
                    + " of a-z A-Z 0-9 : _ - and values of 1 to 1,024 characters without control characters");
        }
        Map<String, String> all = new LinkedHashMap<>(kept);
        all.putAll(more);
        for (String key : repeated) {
            if (all.size() > StatusDetails.MOST_PAIRS && !more.containsKey(key)) {
                all.remove(key);
            }
        }
        if (all.size() > StatusDetails.MOST_PAIRS) {
            throw new IllegalArgumentException(
                    "an execution remembers " + StatusDetails.MOST_PAIRS + " pairs, and this one would have more");
        }
        kept.keySet().retainAll(all.keySet());
        kept.putAll(more);
        remembered.addAll(more.keySet());
        repeated.removeAll(more.keySet());
        repeated.retainAll(kept.keySet());
        passing.keySet().removeAll(more.keySet());
    }

    void progress(Map<String, String> more) {
        new StatusDetails(more).pairs().forEach((key, value) -> {
            if (kept.containsKey(key)) {
                kept.put(key, value);
                if (!remembered.contains(key)) {
                    repeated.add(key);
                }
            } else {
                passing.remove(key);
                passing.put(key, value);
                if (passing.size() > StatusDetails.MOST_PAIRS) {
                    passing.pollFirstEntry();
                }
            }
        });
    }

    /** All of it that has room: the newest progress first. */
    StatusDetails all() {
        Map<String, String> all = new LinkedHashMap<>(kept);
        passing.reversed().forEach(all::putIfAbsent);
        return new StatusDetails(all);
    }
}
