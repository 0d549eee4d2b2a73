package dev.roundtrip.local.story;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a device beside the journal. Immutable.
 *
 * @param last what it did last; null when nobody ever connected under its name
 * @param subscriptions its topic filters now
 * @param registered whether there is a thing of its name
 * @param similar the name of a thing that is written almost alike; null for none
 */
public record TargetState(
        ClientRecords.@Nullable LastSeen last,
        List<String> subscriptions,
        boolean registered,
        @Nullable String similar) {
    /** Of a device that nobody has heard of. */
    public static final TargetState UNKNOWN = new TargetState(null, List.of(), false, null);

    private static final int MOST_EDITS = 2;

    public TargetState {
        subscriptions = List.copyOf(subscriptions);
    }

    /** The name among others that is written almost as another one; null when there is none. */
    public static @Nullable String similarTo(String name, Iterable<String> names) {
        String nearest = null;
        int least = MOST_EDITS + 1;
        for (String each : names) {
            int edits = Math.abs(each.length() - name.length()) > MOST_EDITS ? least : edits(name, each);
            if (edits > 0 && edits < least && edits < name.length()) {
                nearest = each;
                least = edits;
            }
        }
        return nearest;
    }

    /** How many characters have to be put in, left out, replaced, or swapped with their neighbour. */
    private static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int same = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int best = Math.min(Math.min(edits[i - 1][j], edits[i][j - 1]) + 1, edits[i - 1][j - 1] + same);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    best = Math.min(best, edits[i - 2][j - 2] + 1);
                }
                edits[i][j] = best;
            }
        }
        return edits[from.length()][to.length()];
    }
}
