package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.dataplane.DataPlane.Answered;
import dev.roundtrip.invoke.dataplane.DataPlane.Asked;
import dev.roundtrip.invoke.dataplane.DataPlane.Connection;
import dev.roundtrip.invoke.dataplane.DataPlane.Disconnected;
import dev.roundtrip.invoke.dataplane.DataPlane.SessionFate;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks the broker for devices: about each of them once a second, however many calls want to know. Thread-safe. */
final class Lookout {
    /** Source: AWS IoT Core quotas, GetConnection and ListSubscriptions: one a second for each client id. */
    static final Duration PACE = Duration.ofSeconds(1);

    /** How long the broker may take for one question. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final DataPlane dataPlane;
    private final Scope scope;
    private final Clocks clocks;
    private final Map<Target, Watch> watches = new HashMap<>();

    /** What is asked for. */
    enum Scope {
        /** Whether a device is there. */
        CONNECTION,
        /** What it subscribes to, as well. */
        SUBSCRIPTIONS
    }

    Lookout(DataPlane dataPlane, Scope scope, Clocks clocks) {
        this.scope = scope;
        this.clocks = clocks;
        this.dataPlane = dataPlane;
    }

    /** The questions about one device; guarded by the map's monitor. */
    private final class Watch {
        private CompletableFuture<Sighting> last = CompletableFuture.completedFuture(Sighting.none("nobody asked yet"));
        private Clocks.@Nullable Moment askedAt;
        private @Nullable CompletableFuture<Sighting> next;

        long nanosToNext() {
            Clocks.Moment begun = askedAt;
            return begun == null ? 0 : PACE.toNanos() - clocks.longestSince(begun);
        }
    }

    /** What the broker says when it is asked from now on.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    Sighting next(Target target, Deadline deadline) throws InterruptedException {
        return await(ask(target), deadline);
    }

    /** What the broker said within the last second, or says now.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    Sighting latest(Target target, Deadline deadline) throws InterruptedException {
        CompletableFuture<Sighting> recent;
        synchronized (watches) {
            Watch watch = watches.get(target);
            recent = watch == null || watch.nanosToNext() <= 0 ? null : watch.last;
        }
        return await(recent == null ? ask(target) : recent, deadline);
    }

    private static Sighting await(CompletableFuture<Sighting> sighting, Deadline deadline) throws InterruptedException {
        try {
            return sighting.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return Sighting.none("the broker did not say in time whether the device is connected");
        } catch (ExecutionException defect) {
            throw new IllegalStateException("a question ends with a value", defect);
        }
    }

    private CompletableFuture<Sighting> ask(Target target) {
        synchronized (watches) {
            watches.values().removeIf(watch -> watch.next == null && watch.last.isDone() && watch.nanosToNext() <= 0);
            Watch watch = watches.computeIfAbsent(target, absent -> new Watch());
            CompletableFuture<Sighting> next = watch.next;
            if (next == null) {
                CompletableFuture<Sighting> fresh = new CompletableFuture<>();
                watch.next = fresh;
                next = fresh;
                Thread.ofVirtual().name("lookout").start(() -> ask(target, watch, fresh));
            }
            return next;
        }
    }

    private void ask(Target target, Watch watch, CompletableFuture<Sighting> answer) {
        try {
            long early = watch.nanosToNext();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
            synchronized (watches) {
                // Whoever comes from here on wants a question that has not begun.
                watch.next = null;
                watch.last = answer;
                watch.askedAt = clocks.now();
            }
            answer.complete(look(target));
        } catch (InterruptedException nobodyInterrupts) {
            Thread.currentThread().interrupt();
            answer.complete(Sighting.none("the function is stopping"));
        } catch (RuntimeException | LinkageError defect) {
            answer.complete(Sighting.none("the broker could not be asked because of a defect"));
        }
    }

    private Sighting look(Target target) {
        Deadline deadline = Deadline.after(LIMIT, clocks.nanoTime());
        Asked<Connection> connection = dataPlane.connection(target, deadline);
        boolean matters = scope == Scope.SUBSCRIPTIONS
                && connection instanceof Answered<Connection> answered
                && !(answered.answer() instanceof Disconnected gone && gone.session() == SessionFate.ENDED);
        Asked<List<String>> filters = matters
                ? dataPlane.subscriptions(target, deadline)
                : Sighting.none("nobody asked").filters();
        return new Sighting(connection, filters);
    }
}
