package dev.roundtrip.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Questions at a fixed rate, whatever becomes of the earlier ones. Time runs from the moment when a question was due,
 * so that waiting for a free lane, or
 * for a measuring program that is late itself, counts: nothing is omitted. */
public final class OpenLoop {
    private static final Duration STRAGGLERS = Duration.ofSeconds(40);

    private OpenLoop() {}

    /** Asks by the schedule, and waits for every answer. The sample has all of them, over the time of the schedule.
     *
     * @param lanes how many of the subject's lanes are used, from 0
     * @throws InterruptedException when the thread is interrupted; questions may still be open then
     * @throws IllegalStateException when a question never ended
     */
    public static Sample run(RoundTrips subject, int lanes, Schedule schedule) throws InterruptedException {
        BlockingQueue<Integer> free = new ArrayBlockingQueue<>(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            free.add(lane);
        }
        Gauge gauge = new Gauge();
        long start = System.nanoTime();
        for (long question = 0; question < schedule.count(); question++) {
            long due = start + schedule.dueNanos(question);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            int lane = take(free);
            subject.ask(lane, ending -> {
                gauge.record(ending, System.nanoTime() - due);
                free.add(lane);
            });
        }
        for (int lane = 0; lane < lanes; lane++) {
            take(free);
        }
        return gauge.sample(
                new Gauge.Reading(schedule.time().toNanos(), gauge.read().cpuNanos()));
    }

    private static int take(BlockingQueue<Integer> free) throws InterruptedException {
        Integer lane = free.poll(STRAGGLERS.toSeconds(), TimeUnit.SECONDS);
        if (lane == null) {
            throw new IllegalStateException("a question was never answered");
        }
        return lane;
    }
}
