package dev.roundtrip.local.iot.shadow;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import java.util.HashMap;
import java.util.Map;

/** Counts requests of each thing in the present second, and forgets them in the next one. Thread-safe. */
final class RequestRate {
    private final int most;
    private final Map<String, Integer> counts = new HashMap<>();
    private long present;

    /** @param most for each thing and second; 0 is no limit */
    RequestRate(int most) {
        this.most = most;
    }

    /** @throws Refusal when the thing was asked often enough in this second */
    void count(String thing, long second) throws Refusal {
        if (most > 0 && next(thing, second) > most) {
            throw tooMany();
        }
    }

    private synchronized int next(String thing, long second) {
        // A request that comes a little late counts in the present second; a clock that is set back begins anew.
        if (second > present || second < present - 1) {
            present = second;
            counts.clear();
        }
        return counts.merge(thing, 1, Integer::sum);
    }

    static Refusal tooMany() {
        return new Refusal(ErrorType.THROTTLING, "Too many requests");
    }
}
