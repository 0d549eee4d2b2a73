package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Round trips of other subjects, with a virtual thread in each lane that waits for the answer: what a program has that
 * needs the answer to go on. Where there are several subjects, the thread asks the next one when the one before has
 * answered; all together are one round trip.
 */
public final class WaitingThreads implements RoundTrips {
    private final List<RoundTrips> subjects;
    private final AtomicReferenceArray<@Nullable Asker> next;
    private final AtomicReferenceArray<@Nullable Thread> threads;

    /** The subjects are not closed with this.
     *
     * @param subjects asked in this order; one at least
     */
    public WaitingThreads(RoundTrips... subjects) {
        this.subjects = List.of(subjects);
        int lanes = this.subjects.stream().mapToInt(RoundTrips::lanes).min().orElseThrow();
        this.next = new AtomicReferenceArray<>(lanes);
        this.threads = new AtomicReferenceArray<>(lanes);
    }

    @Override
    public int lanes() {
        return next.length();
    }

    @Override
    public void ask(int lane, Asker asker) {
        next.set(lane, asker);
        if (!Thread.currentThread().equals(threads.get(lane))) {
            Thread thread = Thread.ofVirtual().name("lane-" + lane).unstarted(() -> askAndWait(lane));
            threads.set(lane, thread);
            thread.start();
        }
    }

    /** As long as whoever was answered asks again. */
    private void askAndWait(int lane) {
        for (Asker asker = next.getAndSet(lane, null); asker != null; asker = next.getAndSet(lane, null)) {
            asker.ended(askAllAndWait(lane));
        }
    }

    private Ending askAllAndWait(int lane) {
        for (RoundTrips subject : subjects) {
            CompletableFuture<Ending> end = new CompletableFuture<>();
            subject.ask(lane, end::complete);
            if (end.join() == Ending.FAILED) {
                return Ending.FAILED;
            }
        }
        return Ending.ANSWERED;
    }

    @Override
    public void close() {}
}
