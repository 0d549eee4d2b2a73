package dev.roundtrip.mqtt;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens. Thread-safe. */
final class Counters {
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder subscribes = new LongAdder();
    final LongAdder unsubscribes = new LongAdder();
    final LongAdder published = new LongAdder();
    final LongAdder directs = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder dropped = new LongAdder();

    /** Exact, because limits depend on them. */
    final AtomicInteger connected = new AtomicInteger();

    final AtomicInteger subscriptions = new AtomicInteger();
}
