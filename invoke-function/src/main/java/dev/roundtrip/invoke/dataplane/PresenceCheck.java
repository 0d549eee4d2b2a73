package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.dataplane.DataPlane.Asked;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks the broker for devices: about each of them once a second, however many calls want to know. Thread-safe.
 *
 * <p>A device is remembered for the second after its question, in the order of the questions: whatever the number of
 * devices, one more question forgets only those whose second is over, each of them once.
 */
final class PresenceCheck {
    /** Source: AWS IoT Core quotas, GetConnection and ListSubscriptions: one a second for each client id. */
    static final Duration PACE = Duration.ofSeconds(1);

    /** How many devices are remembered after their question; our choice. Of more the oldest are forgotten, and may be
     * asked for too soon: the broker refuses that.
     */
    static final int MAX_REMEMBERED = 20_000;

    /** How long the broker may take for one question. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final DataPlane dataPlane;
    private final Scope scope;
    private final Clocks clocks;
    private final Map<Target, Watch> watches = new HashMap<>();
    /** What was asked, oldest first; guarded by the map's monitor. */
    private final Queue<Asking> asked = new ArrayDeque<>();

    /** What is asked for. */
    enum Scope {
        /** Whether a device is there. The answer is remembered as long as the device is. */
        CONNECTION,
        /** What it subscribes to, as well. Of that nothing is remembered: it may be much. */
        SUBSCRIPTIONS
    }

    PresenceCheck(DataPlane dataPlane, Scope scope, Clocks clocks) {
        this.scope = scope;
        this.dataPlane = dataPlane;
        this.clocks = clocks;
    }

    /** One question about one device, from its begin.
     *
     * @param answer null when nothing of it is remembered
     */
    private record Asking(
            Target target,
            Watch watch,
            Clocks.Moment begun,
            @Nullable CompletableFuture<PresenceReport> answer) {}

    /** The questions about one device; guarded by the map's monitor. */
    private static final class Watch {
        private @Nullable Asking last;
        private @Nullable CompletableFuture<PresenceReport> next;
    }

    /** What the broker says when it is asked from now on.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    PresenceReport next(Target target, Deadline deadline) throws InterruptedException {
        return await(ask(target), deadline);
    }

    /** What the broker said within the last second, or says now.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    PresenceReport latest(Target target, Deadline deadline) throws InterruptedException {
        CompletableFuture<PresenceReport> recent;
        synchronized (watches) {
            Watch watch = watches.get(target);
            Asking last = watch == null ? null : watch.last;
            recent = last == null || isOver(last) ? null : last.answer();
        }
        return await(recent == null ? ask(target) : recent, deadline);
    }

    private boolean isOver(Asking asking) {
        return clocks.mayHavePassed(PACE, asking.begun());
    }

    private static PresenceReport await(CompletableFuture<PresenceReport> report, Deadline deadline)
            throws InterruptedException {
        try {
            return report.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return PresenceReport.none("the broker did not say in time whether the device is connected");
        } catch (ExecutionException defect) {
            throw new IllegalStateException("a question ends with a value", defect);
        }
    }

    private CompletableFuture<PresenceReport> ask(Target target) {
        synchronized (watches) {
            forgetTheOldest();
            Watch watch = watches.computeIfAbsent(target, absent -> new Watch());
            CompletableFuture<PresenceReport> next = watch.next;
            if (next == null) {
                CompletableFuture<PresenceReport> fresh = new CompletableFuture<>();
                Thread.ofVirtual().name("presence").start(() -> ask(target, watch, fresh));
                watch.next = fresh;
                next = fresh;
            }
            return next;
        }
    }

    private void forgetTheOldest() {
        Asking oldest = asked.peek();
        while (oldest != null && (asked.size() > MAX_REMEMBERED || isOver(oldest))) {
            asked.remove();
            Watch watch = oldest.watch();
            // A later question stands further back in the queue, or will.
            if (oldest.equals(watch.last)) {
                watch.last = null;
            }
            if (watch.last == null && watch.next == null) {
                watches.remove(oldest.target(), watch);
            }
            oldest = asked.peek();
        }
    }

    private void ask(Target target, Watch watch, CompletableFuture<PresenceReport> answer) {
        try {
            TimeUnit.NANOSECONDS.sleep(tooEarly(watch));
            begin(target, watch, answer);
            answer.complete(look(target));
        } catch (InterruptedException nobodyInterrupts) {
            Thread.currentThread().interrupt();
        } finally {
            // After a defect, too: nobody waits for a question that is no more, and the next one can be asked.
            if (answer.complete(PresenceReport.none("the broker could not be asked whether the device is connected"))) {
                abandon(target, watch, answer);
            }
        }
    }

    private long tooEarly(Watch watch) {
        synchronized (watches) {
            Asking last = watch.last;
            return last == null ? 0 : PACE.toNanos() - clocks.longestSince(last.begun());
        }
    }

    private void begin(Target target, Watch watch, CompletableFuture<PresenceReport> answer) {
        synchronized (watches) {
            Asking begun = new Asking(target, watch, clocks.now(), scope == Scope.CONNECTION ? answer : null);
            // Whoever comes from here on wants a question that has not begun.
            watch.next = null;
            watch.last = begun;
            asked.add(begun);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a future equals itself alone
    private void abandon(Target target, Watch watch, CompletableFuture<PresenceReport> answer) {
        synchronized (watches) {
            if (watch.next == answer) {
                watch.next = null;
                if (watch.last == null) {
                    watches.remove(target, watch);
                }
            }
        }
    }

    /** The filters first: were they asked for after the connection, a device could come in between, get what waited for
     * it, and leave nothing that subscribes.
     */
    private PresenceReport look(Target target) {
        Deadline deadline = Deadline.after(LIMIT, clocks.nanoTime());
        Asked<List<String>> filters = switch (scope) {
            case CONNECTION -> PresenceReport.none("nobody asked").filters();
            case SUBSCRIPTIONS -> dataPlane.subscriptions(target, deadline.atMost(LIMIT.dividedBy(2)));
        };
        return new PresenceReport(dataPlane.connection(target, deadline), filters);
    }

    /** How many devices are remembered, or asked for. */
    int size() {
        synchronized (watches) {
            return watches.size();
        }
    }
}
