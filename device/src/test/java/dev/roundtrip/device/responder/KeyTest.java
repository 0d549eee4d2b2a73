package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory.KeptKey;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import dev.roundtrip.protocol.JsonText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The duties of a device about keys. */
@Timeout(30)
class KeyTest {
    private static String refusal(AnswerMessage answer) {
        return answer instanceof AnswerMessage.Refused refused
                ? refused.refusal().code()
                : "not refused: " + answer;
    }

    private static String error(AnswerMessage answer) {
        return answer instanceof AnswerMessage.Failed failed ? failed.error().code() : "no error: " + answer;
    }

    private static KeptKey kept(AnswerMessage answer) {
        return Objects.requireNonNull(answer.memory().key(), "the answer has no key");
    }

    private static JsonText response(AnswerMessage answer) {
        if (answer instanceof AnswerMessage.Answered answered) {
            return answered.response();
        }
        throw new AssertionError("no response: " + answer);
    }

    @Test
    void known_key_has_the_same_outcome_under_the_new_id_and_says_that_it_is_a_replay() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = Request.of("work").key("order-1");
            AnswerMessage done = shop.ask(first);

            AnswerMessage again = shop.ask(first.again());

            assertThat(response(again)).isEqualTo(response(done)).isEqualTo(JsonText.string("run 1"));
            assertThat(again.memory().replay()).isEqualTo(Replay.REPLAYED);
            assertThat(done.memory().replay()).isEqualTo(Replay.FIRST);
            assertThat(shop.work).hasSize(1);
        }
    }

    @Test
    void answer_carries_the_key_and_for_how_long_it_is_kept() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = Request.of("work").key("order-1");
            AnswerMessage done = shop.ask(first);
            shop.clock.advance(Duration.ofSeconds(100));

            AnswerMessage again = shop.ask(first.again());

            assertThat(kept(done).value()).isEqualTo(Request.hash("order-1"));
            assertThat(kept(done).seconds()).isEqualTo(600);
            assertThat(kept(again).seconds()).isEqualTo(500);
        }
    }

    @Test
    void key_of_another_request_is_refused() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.ask(Request.of("work").key("order-1", "three pumps"));

            assertThat(refusal(shop.ask(Request.of("work").key("order-1", "four pumps"))))
                    .isEqualTo("key_reused");
            assertThat(shop.work).hasSize(1);
        }
    }

    @Test
    void every_id_that_asked_while_the_call_was_at_work_is_answered_when_it_ends() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = shop.send(Request.of("hold").key("order-1"));
            await().until(() -> !shop.work.isEmpty());
            Request second = shop.send(first.again());
            Request third = shop.send(first.again());
            assertThat(shop.isAnswered(second)).isFalse();

            shop.letGo();

            assertThat(response(shop.answer(second))).isEqualTo(response(shop.answer(first)));
            assertThat(response(shop.answer(third))).isEqualTo(JsonText.string("run 1"));
            assertThat(shop.answer(third).memory().replay()).isEqualTo(Replay.REPLAYED);
        }
    }

    @Test
    void replay_of_an_unknown_key_runs_nothing() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            assertThat(refusal(shop.ask(Request.of("work").replayOnly("order-1"))))
                    .isEqualTo("unknown_key");
            assertThat(shop.work).isEmpty();
        }
    }

    @Test
    void replay_of_a_known_key_tells_the_outcome() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.ask(Request.of("work").key("order-1"));

            assertThat(response(shop.ask(Request.of("work").replayOnly("order-1"))))
                    .isEqualTo(JsonText.string("run 1"));
        }
    }

    @Test
    void key_comes_before_the_deadline() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = Request.of("work").key("order-1");
            shop.ask(first);
            Request late = first.again();

            shop.responder().deliver(late.delivery(shop.clock.now(), Duration.ofSeconds(-1)));

            assertThat(response(shop.answer(late))).isEqualTo(JsonText.string("run 1"));
        }
    }

    @Test
    void refusal_is_remembered_by_id_and_never_by_key() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request unfit = Request.of("unknown").key("order-1");
            AnswerMessage refused = shop.ask(unfit);
            shop.forget(unfit);

            assertThat(shop.ask(unfit)).isEqualTo(refused);
            assertThat(kept(refused).seconds()).isZero();
            assertThat(response(shop.ask(Request.of("work").key("order-1", "better"))))
                    .isEqualTo(JsonText.string("run 1"));
        }
    }

    @Test
    void refusal_of_the_method_leaves_the_key_to_the_next_that_asks() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            assertThat(refusal(shop.ask(Request.of("refuse").key("order-1").sequence(1))))
                    .isEqualTo("invalid_request");

            AnswerMessage next = shop.ask(Request.of("work").key("order-1", "better"));

            assertThat(response(next)).isEqualTo(JsonText.string("run 1"));
            assertThat(shop.responder()
                            .ledger()
                            .lane(Request.of("refuse").route().method())
                            .last())
                    .isZero();
        }
    }

    @Test
    void key_is_forgotten_after_its_time() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = Request.of("work").key("order-1");
            shop.ask(first);
            shop.clock.advance(Duration.ofSeconds(601));

            assertThat(response(shop.ask(first.again()))).isEqualTo(JsonText.string("run 2"));
        }
    }

    @Test
    void beyond_its_limit_a_device_forgets_the_oldest_key() throws Exception {
        Rules ten = Rules.of(Limits.DEFAULT).withKeeping(new Keeping(10, Keeping.LEAST_BYTES));
        try (Shop shop = new Shop(ten, null)) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                Request request = Request.of("work").key("order-" + i);
                requests.add(request);
                shop.ask(request);
            }

            assertThat(response(shop.ask(requests.getLast().again()))).isEqualTo(JsonText.string("run 11"));
            assertThat(response(shop.ask(requests.get(1).again()))).isEqualTo(JsonText.string("run 2"));
            assertThat(refusal(shop.ask(Request.of("work").replayOnly("order-0"))))
                    .isEqualTo("unknown_key");
        }
    }

    @Test
    void call_at_work_is_never_forgotten_and_without_room_a_new_key_is_busy() throws Exception {
        Rules ten = Rules.of(Limits.DEFAULT).withKeeping(new Keeping(10, Keeping.LEAST_BYTES));
        try (Shop shop = new Shop(ten, null)) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                requests.add(shop.send(Request.of("hold").key("order-" + i)));
            }
            Request eleventh = shop.send(Request.of("work").key("order-10"));
            assertThat(refusal(shop.answer(eleventh))).isEqualTo("busy");
            Request again = shop.send(requests.getFirst().again());

            shop.letGo();

            assertThat(shop.answer(again).memory().replay()).isEqualTo(Replay.REPLAYED);
            assertThat(shop.work).hasSize(10);
            assertThat(shop.ask(eleventh.again())).isInstanceOf(AnswerMessage.Answered.class);
        }
    }

    @Test
    void of_outcomes_beyond_the_bytes_the_oldest_go() throws Exception {
        Rules few = Rules.of(Limits.DEFAULT).withKeeping(new Keeping(1_000, Keeping.LEAST_BYTES));
        try (Shop shop = new Shop(few, null)) {
            String large = "x".repeat(100_000);
            for (int i = 0; i < 20; i++) {
                shop.ask(Request.of("echo").with(large).key("order-" + i));
            }

            assertThat(shop.responder().ledger().keys()).isEqualTo((int) (Keeping.LEAST_BYTES / (large.length() + 2)));
            assertThat(refusal(shop.ask(Request.of("echo").replayOnly("order-0"))))
                    .isEqualTo("unknown_key");
            assertThat(response(shop.ask(Request.of("echo").replayOnly("order-19"))))
                    .isEqualTo(JsonText.string(large));
        }
    }

    @Test
    void answer_to_one_key_waits_for_no_other() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.send(Request.of("hold").key("order-1"));

            assertThat(shop.ask(Request.of("work").key("order-2"))).isInstanceOf(AnswerMessage.Answered.class);
        }
    }

    @Test
    void key_outlives_a_restart_with_a_store(@TempDir Path directory) throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            Request first =
                    Request.of("work").key("order-1").with(JsonText.parse("[1,\n2]".getBytes(StandardCharsets.UTF_8)));
            AnswerMessage done = shop.ask(first);

            shop.restart();

            AnswerMessage again = shop.ask(first.again());
            assertThat(response(again)).isEqualTo(response(done));
            assertThat(again.memory().replay()).isEqualTo(Replay.REPLAYED);
            assertThat(shop.work).hasSize(1);
        }
    }

    @Test
    void id_is_answered_alike_after_a_restart_with_a_store(@TempDir Path directory) throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            Request keyed = Request.of("work").key("order-1");
            Request ordered = Request.of("work").sequence(7);
            shop.ask(keyed);
            AnswerMessage done = shop.ask(ordered);

            shop.restart();
            shop.forget(keyed);
            shop.forget(ordered);

            assertThat(shop.ask(ordered)).isEqualTo(done);
            assertThat(response(shop.ask(keyed))).isEqualTo(JsonText.string("run 1"));
            assertThat(shop.work).hasSize(2);
        }
    }

    @Test
    void method_that_interrupts_itself_has_ended_in_an_error_for_every_id_that_asked() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = shop.send(Request.of("interrupt").key("order-1").sequence(1));
            await().until(() -> !shop.work.isEmpty());
            Request waiting = shop.send(first.again());

            shop.letGo();

            AnswerMessage done = shop.answer(first);
            assertThat(error(done)).isEqualTo("internal");
            assertThat(error(shop.answer(waiting))).isEqualTo("internal");
            assertThat(error(shop.ask(first.again()))).isEqualTo("internal");
            shop.forget(first);
            assertThat(shop.ask(first)).isEqualTo(done);
            assertThat(shop.work).hasSize(1);
        }
    }

    @Test
    void response_that_cannot_be_read_is_an_error_and_does_not_damage_the_store(@TempDir Path directory)
            throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            Request first = Request.of("deep").key("order-1");
            assertThat(error(shop.ask(first))).isEqualTo("internal");

            shop.restart();

            assertThat(error(shop.ask(first.again()))).isEqualTo("internal");
            assertThat(shop.troubles).isEmpty();
        }
    }

    @Test
    void answer_of_a_broken_handler_carries_lane_and_key() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            AnswerMessage answer = shop.ask(Request.of("broken").key("order-1").sequence(1));

            assertThat(error(answer)).isEqualTo("internal");
            assertThat(kept(answer)).isEqualTo(new KeptKey(Request.hash("order-1"), 0));
            assertThat(Objects.requireNonNull(answer.memory().lane()).last()).isZero();
        }
    }

    @Test
    void call_that_a_restart_cut_off_is_interrupted_and_does_not_run_again(@TempDir Path directory) throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            Request first = shop.send(Request.of("hold").key("order-1").sequence(5));
            await().until(() -> !shop.work.isEmpty());

            shop.restart();

            for (Request repeat : List.of(first, first.again())) {
                assertThat(shop.ask(repeat))
                        .isInstanceOfSatisfying(
                                AnswerMessage.Failed.class,
                                failed -> assertThat(failed.error().code()).isEqualTo("interrupted"));
            }
            assertThat(Objects.requireNonNull(shop.ask(first.again()).memory().lane())
                            .last())
                    .isEqualTo(5);
            assertThat(shop.work).hasSize(1);
        }
    }
}
