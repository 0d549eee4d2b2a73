package dev.roundtrip.local.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;

/** A clock that stands still until a test moves it; its tasks run on the thread that moves it. Thread-safe. */
public final class MovableClock implements ServiceClock {
    private final TreeSet<Task> tasks =
            new TreeSet<>(Comparator.comparing((Task task) -> task.time).thenComparingLong(task -> task.number));
    private Instant now;
    private long asked;

    private record Task(Instant time, long number, Runnable work) {}

    /** Shows this time. */
    public MovableClock(Instant now) {
        this.now = now;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Timer at(Instant time, Runnable work) {
        Task task = new Task(time, asked++, work);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** How many tasks wait. */
    public synchronized int waiting() {
        return tasks.size();
    }

    /** Moves on. Each task that becomes due runs at its own time, before those of later times. */
    public void advance(Duration time) {
        Instant end = instant().plus(time);
        while (runNext(end)) {
            // until none is due
        }
        moveTo(end);
    }

    private boolean runNext(Instant end) {
        Runnable work;
        synchronized (this) {
            if (tasks.isEmpty() || tasks.first().time.isAfter(end)) {
                return false;
            }
            Task first = tasks.removeFirst();
            moveTo(first.time);
            work = first.work;
        }
        work.run();
        return true;
    }

    private synchronized void moveTo(Instant time) {
        if (time.isAfter(now)) {
            now = time;
        }
    }
}
