package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** What was applied and is to be taken out of {@code desired}. Used by one thread.
 *
 * <p>That travels with the report of the value, for the version that is known. When somebody else has changed the
 * shadow, the value is reported alone first: others who write often must not hold it up.
 */
final class Cleared {
    private final Clearing clearing;
    private final int most;

    /** The acknowledgement of each value, which has the version. */
    private final SequencedMap<String, ObjectNode> applied = new LinkedHashMap<>();

    private Turn turn = Turn.TOGETHER;

    private enum Turn {
        TOGETHER,
        VALUES,
        ALONE
    }

    /** What one report takes out.
     *
     * @param applied by the names of the properties
     * @param isEverything whether it takes out what was not applied, too
     */
    record Part(Map<String, ObjectNode> applied, boolean isEverything) {
        static final Part NONE = new Part(Map.of(), false);

        boolean isEmpty() {
            return applied.isEmpty();
        }
    }

    /** @param most how many properties are kept */
    Cleared(Clearing clearing, int most) {
        this.clearing = clearing;
        this.most = most;
    }

    /** Takes note of what the device says of a property. */
    void heard(String name, Said newer) {
        ObjectNode ack = newer.ack();
        if (ack == null || clearing == Clearing.NOTHING) {
            return;
        }
        applied.remove(name);
        if (newer.isApplied()) {
            applied.put(name, ack);
        }
        if (applied.size() > most) {
            var unused = applied.pollFirstEntry();
        }
    }

    /** Whether the next report has no values. */
    boolean isAlone() {
        return turn == Turn.ALONE;
    }

    /** What the next report takes out.
     *
     * @param reported the properties of the report
     * @param waiting those whose acknowledgement waits, of this report and later ones
     */
    Part next(Set<String> reported, Set<String> waiting) {
        if (turn == Turn.VALUES && !reported.isEmpty()) {
            return Part.NONE;
        }
        Map<String, ObjectNode> part = new LinkedHashMap<>();
        int bytes = 0;
        for (Map.Entry<String, ObjectNode> entry : applied.entrySet()) {
            String name = entry.getKey();
            bytes += Report.bytes(name);
            if (bytes <= Report.MAX_BYTES && (reported.contains(name) || !waiting.contains(name))) {
                part.put(name, entry.getValue());
            }
        }
        if (clearing == Clearing.APPLIED) {
            return new Part(part, false);
        }
        return part.isEmpty() || part.size() < applied.size() ? Part.NONE : new Part(part, true);
    }

    /** Forgets what a report has taken out, except what was applied since. */
    void confirmed(Report report) {
        report.cleared().applied().forEach(applied::remove);
        turn = turn == Turn.VALUES && !report.said().isEmpty() ? Turn.ALONE : Turn.TOGETHER;
    }

    /** Somebody else has changed the shadow before a report that clears. */
    void conflict() {
        turn = Turn.VALUES;
    }
}
