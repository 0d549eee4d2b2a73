package dev.roundtrip.invoke.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.TestClocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How requests are spread over time, on a clock that goes only where the test moves it. */
class PaceTest {
    private final TestClocks time = new TestClocks();

    private Pace pace(int perSecond) {
        return new Pace(new RequestRate.PerSecond(perSecond), time.clocks());
    }

    /** What a caller has who waits for his device for this long. */
    private Deadline in(Duration time) {
        return Deadline.after(time, this.time.clocks().nanoTime());
    }

    @Test
    void as_many_as_may_go_in_a_second_go_at_once_and_the_next_is_told_at_once() throws Exception {
        Pace pace = pace(50);
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 50; i++) {
                assertThat(pace.await(in(Duration.ofSeconds(1)))).isFalse();
            }
            assertThatThrownBy(() -> pace.await(in(Duration.ofSeconds(1))))
                    .isInstanceOfSatisfying(
                            MqttException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(MqttException.Kind.THROTTLED))
                    .hasMessageContaining("50 requests a second");
            time.pass(Duration.ofSeconds(1));
        }
    }

    @Property
    void no_second_has_more_than_it_may(
            @ForAll @IntRange(min = 1, max = 5) int perSecond,
            @ForAll @Size(max = 60) List<@IntRange(max = 700) Integer> pauses)
            throws Exception {
        TestClocks clock = new TestClocks();
        Pace pace = new Pace(new RequestRate.PerSecond(perSecond), clock.clocks());
        List<Integer> gone = new ArrayList<>();
        int now = 0;
        for (int pause : pauses) {
            now += pause;
            clock.pass(Duration.ofMillis(pause));
            int since = now - 1000;
            long lately = gone.stream().filter(then -> then > since).count();
            boolean goes = goesAtOnce(pace, clock);
            assertThat(goes).isEqualTo(lately < perSecond);
            if (goes) {
                gone.add(now);
            }
        }
    }

    private static boolean goesAtOnce(Pace pace, TestClocks clock) throws MqttException {
        try {
            return !pace.await(Deadline.after(Duration.ZERO, clock.clocks().nanoTime()));
        } catch (MqttException refused) {
            return false;
        }
    }

    @Test
    void no_more_wait_than_can_go_in_their_time() throws Exception {
        Pace pace = pace(10);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(callers.submit(() -> pace.await(in(Duration.ofSeconds(4)))));
            }

            // Ten at once, and ten for each of the two seconds that are half of their time.
            await().until(() -> all.stream().filter(Future::isDone).count() == 180);
            assertThat(all)
                    .filteredOn(one -> one.state() == Future.State.FAILED)
                    .hasSize(170);
            assertThat(all)
                    .filteredOn(one -> one.state() == Future.State.SUCCESS)
                    .hasSize(10);
            assertThat(pace.waiting()).isEqualTo(20);

            callers.shutdownNow();
        }
        assertThat(pace.waiting()).isZero();
    }

    @Test
    void who_came_first_goes_first_and_who_gives_up_holds_nobody_up() throws Exception {
        Pace pace = pace(1);
        List<String> went = new CopyOnWriteArrayList<>();
        assertThat(pace.await(in(Duration.ofSeconds(1)))).isFalse();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (String name : List.of("first", "second", "third", "fourth")) {
                int before = pace.waiting();
                all.add(callers.submit(() -> {
                    assertThat(pace.await(in(Duration.ofSeconds(20)))).isTrue();
                    went.add(name);
                    return name;
                }));
                await().until(() -> pace.waiting() == before + 1);
            }

            all.get(1).cancel(true);
            await().until(() -> pace.waiting() == 3);
            for (List<String> expected :
                    List.of(List.of("first"), List.of("first", "third"), List.of("first", "third", "fourth"))) {
                time.pass(Duration.ofSeconds(1));
                await().untilAsserted(() -> assertThat(went).isEqualTo(expected));
            }
        }
    }

    @Test
    void interrupted_call_was_not_sent() {
        Pace pace = pace(1);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> pace.await(in(Duration.ofSeconds(1))))
                .isInstanceOfSatisfying(
                        MqttException.class,
                        stopped -> assertThat(stopped.kind()).isEqualTo(MqttException.Kind.UNAVAILABLE));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pace.waiting()).isZero();
    }

    @Test
    void without_a_limit_nobody_waits() throws Exception {
        Pace pace = new Pace(new RequestRate.Unlimited(), time.clocks());

        for (int i = 0; i < 100_000; i++) {
            assertThat(pace.await(in(Duration.ZERO))).isFalse();
        }
    }
}
