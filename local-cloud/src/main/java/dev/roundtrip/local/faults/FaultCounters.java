package dev.roundtrip.local.faults;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often each fault happened, by its name. Thread-safe; reading takes no lock. */
final class FaultCounters {
    private final @Nullable FaultCounters whole;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private FaultCounters(@Nullable FaultCounters whole) {
        this.whole = whole;
    }

    /** Counts everything. */
    static FaultCounters whole() {
        return new FaultCounters(null);
    }

    /** Counts a part of what this counts. */
    FaultCounters part() {
        return new FaultCounters(this);
    }

    /** The whole counts first: a part that is read first is never more than its whole. */
    void count(String word) {
        if (whole != null) {
            whole.count(word);
        }
        LongAdder known = counts.get(word);
        LongAdder count = known == null ? counts.computeIfAbsent(word, absent -> new LongAdder()) : known;
        count.increment();
    }

    Map<String, Long> read() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((word, count) -> sums.put(word, count.sum()));
        return sums;
    }
}
