package dev.roundtrip.local.time;

import java.util.HashMap;
import java.util.Map;

/** Counts requests of each kind in the present second, and forgets them in the next one. Thread-safe. */
public final class RequestRate {
    private final int most;
    private final Map<String, Integer> counts = new HashMap<>();
    private long present;

    /** @param most for each kind and second; 0 is no limit */
    public RequestRate(int most) {
        this.most = most;
    }

    /** Counts a request.
     *
     * @param of what is asked
     * @return whether it was not asked often enough in this second
     */
    public boolean admits(String of, long second) {
        return most == 0 || next(of, second) <= most;
    }

    private synchronized int next(String of, long second) {
        // A request that comes a little late counts in the present second; a clock that is set back begins anew.
        if (second > present || second < present - 1) {
            present = second;
            counts.clear();
        }
        return counts.merge(of, 1, Integer::sum);
    }
}
