package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who wait for the call with their key: bounded in number and in bytes, and none of them is left alone. */
@Timeout(60)
class WaitingRoomTest {
    private static boolean isBusy(AnswerMessage answer) {
        return answer instanceof AnswerMessage.Refused refused
                && refused.refusal().code().equals("busy");
    }

    /** Eleven keys, each with a hundred repetitions that wait, as far as there is room. */
    private static List<Request> askAlike(Shop shop, String method) {
        List<Request> repetitions = new ArrayList<>();
        for (int key = 0; key < 11; key++) {
            Request first = shop.send(Request.of(method).key("order-" + key));
            for (int i = 0; i < 100; i++) {
                repetitions.add(shop.send(first.again()));
            }
        }
        return repetitions;
    }

    @Test
    void each_that_waits_is_answered_also_when_all_end_together_on_a_slow_network() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            List<Request> repetitions = askAlike(shop, "hold");
            shop.breakNetwork();
            // As many other answers without a run as may be on their way.
            List<Request> others = new ArrayList<>();
            for (int i = 0; i < 900; i++) {
                others.add(shop.send(Request.of("unknown")));
            }
            shop.letGo();
            await().until(() -> shop.work.size() == 11);

            shop.repairNetwork();

            int replayed = 0;
            int busy = 0;
            for (Request repetition : repetitions) {
                AnswerMessage answer = shop.answer(repetition);
                replayed += answer.memory().replay() == Replay.REPLAYED ? 1 : 0;
                busy += isBusy(answer) ? 1 : 0;
            }
            assertThat(replayed).isEqualTo(1_000);
            assertThat(busy).isEqualTo(100);
            for (Request other : others) {
                assertThat(shop.answer(other)).isInstanceOf(AnswerMessage.Refused.class);
            }
            assertThat(shop.events).noneMatch(CommandEvent.Unanswered.class::isInstance);
        }
    }

    @Test
    void each_that_waited_for_a_refused_call_is_answered() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request turn = shop.send(Request.of("hold").sequence(1));
            await().until(() -> !shop.work.isEmpty());
            Request first = shop.send(Request.of("hold").sequence(2).key("order-1"));
            List<Request> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(shop.send(first.again()));
            }
            shop.clock.advance(Duration.ofSeconds(11));

            shop.letGo();

            shop.answer(turn);
            for (Request one : waiting) {
                assertThat(shop.answer(one)).isInstanceOf(AnswerMessage.Refused.class);
            }
        }
    }

    @Test
    void those_that_wait_are_bounded_in_bytes_and_leave_their_room_when_they_are_answered() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first =
                    shop.send(Request.of("hold").with("x".repeat(100_000)).key("order-1"));
            List<Request> repetitions = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                repetitions.add(shop.send(first.again()));
            }
            Request eightyFourth = repetitions.get(83);
            assertThat(isBusy(shop.answer(eightyFourth))).isTrue();
            assertThat(shop.isAnswered(repetitions.get(82))).isFalse();

            shop.letGo();

            for (Request repetition : repetitions.subList(0, 83)) {
                assertThat(shop.answer(repetition).memory().replay()).isEqualTo(Replay.REPLAYED);
            }
            shop.answer(first);
            await().until(() -> shop.responder().ledger().waitingRoom().isEmpty());
        }
    }
}
