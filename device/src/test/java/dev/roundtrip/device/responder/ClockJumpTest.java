package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device whose clock is set while it remembers. */
@Timeout(30)
class ClockJumpTest {
    private static final Duration YEARS = Duration.ofDays(10_000);

    @TempDir
    private Path directory;

    private Shop shop() throws Exception {
        return Shop.in(directory.resolve("lamp.journal"));
    }

    private static boolean isInterrupted(AnswerMessage answer) {
        return answer instanceof AnswerMessage.Failed failed
                && failed.error().code().equals("interrupted");
    }

    @Test
    void key_of_an_interrupted_call_outlives_a_clock_that_starts_with_an_old_time_and_is_set() throws Exception {
        try (Shop shop = shop()) {
            Request cutOff = shop.send(Request.of("hold").key("order-1"));
            await().until(() -> !shop.work.isEmpty());
            for (int start = 0; start < 3; start++) {
                shop.clock.jump(YEARS.negated());
                shop.restart();

                shop.clock.jump(YEARS);

                assertThat(isInterrupted(shop.ask(cutOff.again()))).isTrue();
            }
            assertThat(shop.work).hasSize(1);
        }
    }

    @Test
    void key_of_an_interrupted_call_outlives_a_clock_that_jumps_ahead_before_and_after_the_start() throws Exception {
        try (Shop shop = shop()) {
            Request cutOff = shop.send(Request.of("hold").key("order-1"));
            await().until(() -> !shop.work.isEmpty());
            shop.clock.jump(YEARS);
            shop.restart();
            assertThat(isInterrupted(shop.ask(cutOff.again()))).isTrue();

            shop.clock.jump(YEARS);

            assertThat(isInterrupted(shop.ask(cutOff.again()))).isTrue();
            assertThat(shop.work).hasSize(1);
        }
    }

    @Test
    void key_of_an_ended_call_is_kept_for_its_time_whatever_the_clock_says() throws Exception {
        try (Shop shop = shop()) {
            Request first = Request.of("work").key("order-1");
            shop.ask(first);
            for (Duration jump : List.of(YEARS, YEARS.multipliedBy(-2), YEARS)) {
                shop.clock.jump(jump);
                assertThat(shop.ask(first.again()).memory().replay()).isEqualTo(Replay.REPLAYED);
            }

            shop.clock.advance(Duration.ofSeconds(601));

            assertThat(shop.ask(first.again()).memory().replay()).isEqualTo(Replay.FIRST);
        }
    }

    @Test
    void key_is_kept_over_a_restart_for_the_rest_of_its_time() throws Exception {
        try (Shop shop = shop()) {
            Request first = Request.of("work").key("order-1");
            shop.ask(first);
            shop.clock.advance(Duration.ofSeconds(400));
            shop.restart();
            shop.clock.advance(Duration.ofSeconds(100));
            shop.restart();
            shop.clock.advance(Duration.ofSeconds(99));
            assertThat(shop.ask(first.again()).memory().replay()).isEqualTo(Replay.REPLAYED);

            shop.clock.advance(Duration.ofSeconds(2));

            assertThat(shop.ask(first.again()).memory().replay()).isEqualTo(Replay.FIRST);
        }
    }

    @Test
    void key_of_an_interrupted_call_does_not_make_room_for_others() throws Exception {
        Rules ten = Rules.of(Limits.DEFAULT).withKeeping(new Keeping(10, Keeping.LEAST_BYTES));
        try (Shop shop = new Shop(ten, directory.resolve("lamp.journal"))) {
            Request cutOff = shop.send(Request.of("hold").key("order-1"));
            await().until(() -> !shop.work.isEmpty());
            shop.restart();
            List<Request> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(Request.of("work").key("other-" + i));
                shop.ask(others.getLast());
            }

            assertThat(isInterrupted(shop.ask(cutOff.again()))).isTrue();
            assertThat(shop.ask(others.getLast().again()).memory().replay()).isEqualTo(Replay.REPLAYED);
        }
    }

    @Test
    void id_that_ran_does_not_run_again_when_the_clock_jumps_ahead_and_is_set_back() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = Request.of("work");
            AnswerMessage done = shop.ask(first);
            shop.clock.jump(YEARS);
            shop.send(Request.of("work"));
            shop.clock.jump(YEARS.negated());
            shop.forget(first);

            assertThat(shop.ask(first)).isEqualTo(done);
        }
    }
}
