package dev.roundtrip.device.shadow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a device has to report, until the service has confirmed it, in reports that the service can take. Used by one
 * thread.
 *
 * <p>A report has no more than a shadow can hold. When the service refuses one, the next ones have fewer properties,
 * until it is known which property the service does not take: that one is set aside until the next connection.
 */
final class Unconfirmed {
    /** How many properties may wait that the device's author did not name; more than one report has. Our choice. */
    private static final int MOST = 512;

    private final SequencedMap<String, Said> said = new LinkedHashMap<>();
    private final SequencedMap<String, Said> refused = new LinkedHashMap<>();
    private final Cleared cleared;

    /** How many properties the next report has at most. */
    private int most = Integer.MAX_VALUE;

    Unconfirmed(Clearing clearing) {
        this.cleared = new Cleared(clearing, MOST);
    }

    /** Whether one more property may wait. */
    boolean hasRoom(String name) {
        return said.containsKey(name) || said.size() < MOST;
    }

    /** How many properties wait. */
    int size() {
        return said.size();
    }

    void add(String name, Said newer) {
        Said aside = refused.remove(name);
        Said left = aside == null ? null : aside.without(newer);
        if (left != null) {
            refused.put(name, left);
        }
        said.merge(name, newer, Said::then);
        cleared.heard(name, newer);
    }

    /** The next report.
     *
     * @param mayClear whether all that is desired was handled
     * @return null when nothing is to be reported
     */
    @Nullable Report next(boolean mayClear) {
        Map<String, Said> part = cleared.isAlone() ? Map.of() : part();
        Cleared.Part clears = mayClear ? cleared.next(part.keySet(), acknowledged()) : Cleared.Part.NONE;
        if (part.isEmpty() && clears.isEmpty()) {
            part = part();
        }
        return part.isEmpty() && clears.isEmpty() ? null : new Report(part, clears);
    }

    /** The properties whose acknowledgement waits. */
    private Set<String> acknowledged() {
        return said.entrySet().stream()
                .filter(entry -> entry.getValue().ack() != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Map<String, Said> part() {
        Map<String, Said> part = new LinkedHashMap<>();
        int bytes = 0;
        for (Map.Entry<String, Said> entry : said.entrySet()) {
            bytes += entry.getValue().bytes(entry.getKey());
            if (part.size() == most || (!part.isEmpty() && bytes > Report.MAX_BYTES)) {
                break;
            }
            part.put(entry.getKey(), entry.getValue());
        }
        return part;
    }

    /** Forgets what a report says, except what has changed since. */
    void confirmed(Report report) {
        report.said().forEach(said::remove);
        cleared.confirmed(report);
        moreAtOnce();
    }

    /** Somebody else has changed the shadow before a report that clears. */
    void conflict() {
        cleared.conflict();
    }

    /** The service does not take something of this report, and never will.
     *
     * @return whether it is known what, and that is set aside
     */
    boolean refuse(Report report) {
        int size = report.said().size();
        if (size > 1) {
            most = size / 2;
            return false;
        }
        cleared.confirmed(report);
        moreAtOnce();
        report.said().forEach(this::setAside);
        return true;
    }

    /** An acknowledgement is tried without the value that the service does not take. */
    private void setAside(String name, Said what) {
        Said aside = what.value() == null ? what : Said.changed(what.value());
        Said now = said.get(name);
        if (now == null || !now.has(aside)) {
            return;
        }
        Said left = now.without(aside);
        if (left == null) {
            said.remove(name);
        } else {
            said.put(name, left);
        }
        refused.merge(name, aside, Said::then);
        if (refused.size() > MOST) {
            var unused = refused.pollFirstEntry();
        }
    }

    private void moreAtOnce() {
        most = most > MOST ? Integer.MAX_VALUE : most * 2;
    }

    /** Tries everything again. */
    void again() {
        refused.forEach((name, aside) -> said.merge(name, aside, (now, before) -> before.then(now)));
        refused.clear();
        most = Integer.MAX_VALUE;
    }
}
