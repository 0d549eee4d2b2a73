package dev.roundtrip.local.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A clock that goes by itself, as fast as the system's or faster. Its tasks run on a thread of its own. Thread-safe.
 */
public final class RunningClock implements ServiceClock, AutoCloseable {
    /** The fastest: an hour in 3.6 seconds; our choice. */
    public static final int MAX_RATE = 1_000;

    /** After so long the system's time is asked again, since it may jump; our choice. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** How long the end waits for a task that runs; our choice. */
    private static final Duration STOP = Duration.ofSeconds(5);

    private final InstantSource system;
    private final int rate;
    private final Instant begin;
    private final Consumer<Throwable> failures;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock. */
    private final TreeSet<Task> tasks =
            new TreeSet<>(Comparator.comparing((Task task) -> task.time).thenComparingLong(task -> task.number));

    /** How many tasks were asked for; guarded by the lock. */
    private long asked;

    private final Thread thread =
            Thread.ofPlatform().name("service-clock").daemon().unstarted(this::run);

    private volatile boolean closed;

    private record Task(Instant time, long number, Runnable work) {}

    private RunningClock(InstantSource system, int rate, Consumer<Throwable> failures) {
        this.system = system;
        this.rate = rate;
        this.failures = failures;
        this.begin = system.instant();
    }

    /** Starts a clock. It shows the system's time now.
     *
     * @param rate how many of its seconds pass in one of the system's, 1 to {@link #MAX_RATE}
     * @param failures told of each task that fails; the others run
     */
    public static RunningClock start(int rate, Consumer<Throwable> failures) {
        return start(InstantSource.system(), rate, failures);
    }

    static RunningClock start(InstantSource system, int rate, Consumer<Throwable> failures) {
        if (rate < 1 || rate > MAX_RATE) {
            throw new IllegalArgumentException("a rate is 1 to " + MAX_RATE + ", but this is " + rate);
        }
        RunningClock clock = new RunningClock(system, rate, failures);
        clock.thread.start();
        return clock;
    }

    @Override
    public Instant instant() {
        Instant now = system.instant();
        return rate == 1 ? now : begin.plus(Duration.between(begin, now).multipliedBy(rate));
    }

    @Override
    public Timer at(Instant time, Runnable work) {
        lock.lock();
        try {
            Task task = new Task(time, asked++, work);
            tasks.add(task);
            changed.signal();
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                perform(next());
            }
        } catch (InterruptedException closed) {
            // Nobody waits for a task any more.
        }
    }

    /** Whatever a task does, the next one runs. */
    private void perform(Task task) {
        try {
            task.work.run();
        } catch (RuntimeException | Error failed) {
            if (closed) {
                return; // Cut off by the end.
            }
            try {
                failures.accept(failed);
            } catch (RuntimeException untold) {
                // Nobody is left to be told.
            }
        }
    }

    private Task next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (tasks.isEmpty()) {
                    changed.await();
                    continue;
                }
                Task first = tasks.first();
                Duration wait = Duration.between(instant(), first.time);
                if (!wait.isPositive()) {
                    tasks.remove(first);
                    return first;
                }
                Duration ofSystem = wait.dividedBy(rate);
                long nanos = ofSystem.compareTo(LOOK) < 0 ? ofSystem.toNanos() + 1 : LOOK.toNanos();
                var unused = changed.await(nanos, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs no further task, and waits for the one that runs: what it uses may be closed afterwards. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            var unused = thread.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
