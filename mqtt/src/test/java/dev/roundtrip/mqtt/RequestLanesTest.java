package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestLanesTest {
    private static final int LANES = 5;
    private static final int THREADS = 8;
    private static final int EACH = 2_000;

    private final EchoService service = new EchoService();

    /** One lane, and what ran in it. */
    private final class Track {
        final RequestLanes.Lane lane;
        final AtomicInteger running = new AtomicInteger();
        final Queue<String> disorder = new ConcurrentLinkedQueue<>();
        final int[] last = new int[THREADS];
        final AtomicInteger done = new AtomicInteger();

        Track(int number) {
            lane = new RequestLanes.Lane(service, "thing-" + number);
        }

        void run(int thread, int number) {
            if (running.incrementAndGet() != 1) {
                disorder.add("two at once");
            }
            if (number <= last[thread]) {
                disorder.add(number + " after " + last[thread]);
            }
            last[thread] = number;
            running.decrementAndGet();
            done.incrementAndGet();
        }
    }

    @Test
    void each_lane_runs_in_order_and_loses_nothing_whoever_adds_to_it() throws Exception {
        RequestLanes lanes = new RequestLanes(new BrokerLimits.Requests(1, 1, THREADS * EACH, THREADS * EACH));
        RequestLanes.Share share = lanes.ofBroker();
        List<Track> tracks = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            tracks.add(new Track(i));
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int number = 1; number <= EACH; number++) {
                    Track track = tracks.get((thread + number) % LANES);
                    int each = number;
                    assertThat(lanes.takeRoom(share, 1)).isTrue();
                    lanes.run(track.lane, () -> {
                        try {
                            track.run(thread, each);
                        } finally {
                            lanes.giveBack(share, 1);
                        }
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        await().until(() -> tracks.stream().mapToInt(track -> track.done.get()).sum() == THREADS * EACH);
        assertThat(tracks).allSatisfy(track -> assertThat(track.disorder).isEmpty());
        await().until(() -> {
            boolean all = lanes.takeRoom(share, THREADS * EACH);
            if (all) {
                lanes.giveBack(share, THREADS * EACH);
            }
            return all;
        });
    }
}
