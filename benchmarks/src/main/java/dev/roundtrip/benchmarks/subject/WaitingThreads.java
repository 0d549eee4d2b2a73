package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Another's round trips, with a virtual thread in each lane that waits for the answer: what a program has that needs the answer to go on. */
public final class WaitingThreads implements RoundTrips {
    private final RoundTrips subject;
    private final AtomicReferenceArray<@Nullable Asker> next;
    private final AtomicReferenceArray<@Nullable Thread> threads;

    /** The other is not closed with this. */
    public WaitingThreads(RoundTrips subject) {
        this.subject = subject;
        this.next = new AtomicReferenceArray<>(subject.lanes());
        this.threads = new AtomicReferenceArray<>(subject.lanes());
    }

    @Override
    public int lanes() {
        return subject.lanes();
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
            CompletableFuture<Ending> end = new CompletableFuture<>();
            subject.ask(lane, end::complete);
            asker.ended(end.join());
        }
    }

    @Override
    public void close() {}
}
