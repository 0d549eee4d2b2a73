package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The duties of a device about order. */
@Timeout(30)
class LaneTest {
    private static final Method WORK = new Method("work");
    private static final Lanes JOINED = new Lanes(
            Map.of(WORK, new Method("bench"), new Method("other"), new Method("bench")),
            Set.of(),
            Lanes.Overlap.PARALLEL);

    private static String refusal(AnswerMessage answer) {
        return answer instanceof AnswerMessage.Refused refused
                ? refused.refusal().code() + ": " + refused.refusal().message()
                : "not refused: " + answer;
    }

    private static Lane lane(AnswerMessage answer) {
        Lane lane = answer.memory().lane();
        if (lane == null) {
            throw new AssertionError("no lane: " + answer);
        }
        return lane;
    }

    @Test
    void sequence_runs_only_if_it_is_greater_than_the_last_that_ran() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request fifth = Request.of("work").sequence(5);
            Lane ran = lane(shop.ask(fifth));

            AnswerMessage same = shop.ask(Request.of("work").sequence(5));
            AnswerMessage less = shop.ask(Request.of("work").sequence(4));
            AnswerMessage greater = shop.ask(Request.of("work").sequence(9));

            assertThat(ran.last()).isEqualTo(5);
            assertThat(ran.lastId()).isEqualTo(fifth.id());
            assertThat(refusal(same)).startsWith("out_of_sequence").contains("5, the last one that ran in lane 'work'");
            assertThat(refusal(less)).startsWith("out_of_sequence");
            assertThat(lane(less)).isEqualTo(ran);
            assertThat(lane(greater).last()).isEqualTo(9);
            assertThat(shop.work).hasSize(2);
        }
    }

    @Test
    void after_runs_only_if_the_last_that_ran_is_exactly_that() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            assertThat(refusal(shop.ask(Request.of("work").after(2, 1)))).startsWith("out_of_sequence");
            assertThat(lane(shop.ask(Request.of("work").after(2, 0))).last()).isEqualTo(2);
            assertThat(refusal(shop.ask(Request.of("work").after(4, 3)))).contains("is 2, not 3");
            assertThat(lane(shop.ask(Request.of("work").after(4, 2))).last()).isEqualTo(4);
        }
    }

    @Test
    void epoch_of_other_counters_is_refused() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Epoch epoch = lane(shop.ask(Request.of("work").sequence(1))).epoch();

            assertThat(lane(shop.ask(Request.of("work").inEpoch(2, epoch))).last())
                    .isEqualTo(2);
            assertThat(refusal(shop.ask(Request.of("work").inEpoch(3, new Epoch("other")))))
                    .startsWith("out_of_sequence")
                    .contains("epoch");
        }
    }

    @Test
    void without_a_store_a_restart_draws_another_epoch() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Epoch epoch = lane(shop.ask(Request.of("work").sequence(1))).epoch();

            shop.restart();

            AnswerMessage refused = shop.ask(Request.of("work").inEpoch(2, epoch));
            assertThat(refusal(refused)).startsWith("out_of_sequence");
            assertThat(lane(refused).epoch()).isNotEqualTo(epoch);
            assertThat(lane(refused).last()).isZero();
        }
    }

    @Test
    void with_a_store_the_counters_outlive_a_restart(@TempDir Path directory) throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            Lane before = lane(shop.ask(Request.of("work").sequence(5)));

            shop.restart();

            AnswerMessage refused = shop.ask(Request.of("work").sequence(5));
            assertThat(refusal(refused)).startsWith("out_of_sequence");
            assertThat(lane(refused)).isEqualTo(before);
        }
    }

    @Test
    void each_method_is_its_own_lane() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.ask(Request.of("work").sequence(5));

            assertThat(lane(shop.ask(Request.of("other").sequence(1))).name().value())
                    .isEqualTo("other");
        }
    }

    @Test
    void joined_methods_are_one_lane() throws Exception {
        try (Shop shop = new Shop(Rules.of(Limits.DEFAULT).withLanes(JOINED), null)) {
            assertThat(lane(shop.ask(Request.of("work").sequence(5))).name().value())
                    .isEqualTo("bench");
            assertThat(refusal(shop.ask(Request.of("other").sequence(4)))).startsWith("out_of_sequence");
        }
    }

    @Test
    void ordered_requests_of_a_lane_run_one_at_a_time_and_are_compared_at_their_turn() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request first = shop.send(Request.of("hold").sequence(1));
            await().until(() -> !shop.work.isEmpty());
            Request third = shop.send(Request.of("hold").sequence(3));
            Request second = shop.send(Request.of("hold").sequence(2));
            assertThat(shop.work).hasSize(1);

            shop.letGo();

            assertThat(lane(shop.answer(first)).last()).isEqualTo(1);
            assertThat(lane(shop.answer(third)).last()).isEqualTo(3);
            assertThat(refusal(shop.answer(second))).contains("sequence 2 is not greater than 3");
        }
    }

    @Test
    void request_that_expires_while_it_waits_for_its_turn_is_refused() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.send(Request.of("hold").sequence(1));
            await().until(() -> !shop.work.isEmpty());
            Request second = shop.send(Request.of("hold").sequence(2));
            shop.clock.advance(Duration.ofSeconds(11));

            shop.letGo();

            assertThat(refusal(shop.answer(second))).startsWith("expired");
        }
    }

    @Test
    void request_with_the_key_of_one_that_expired_at_its_turn_is_decided_about_anew() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.send(Request.of("hold").sequence(1));
            await().until(() -> !shop.work.isEmpty());
            Request second = shop.send(Request.of("hold").sequence(2).key("order-2"));
            shop.clock.advance(Duration.ofSeconds(6));
            Request repeated = shop.send(second.again());
            shop.clock.advance(Duration.ofSeconds(6));

            shop.letGo();

            assertThat(refusal(shop.answer(second))).startsWith("expired");
            assertThat(lane(shop.answer(repeated)).last()).isEqualTo(2);
            assertThat(shop.work).hasSize(2);
        }
    }

    @Test
    void request_without_a_sequence_leaves_the_lane_alone() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.send(Request.of("hold").sequence(1));
            await().until(() -> !shop.work.isEmpty());

            shop.send(Request.of("hold"));

            await().until(() -> shop.work.size() == 2);
            assertThat(shop.responder().ledger().lane(new Method("hold")).last())
                    .isEqualTo(1);
            shop.letGo();
        }
    }

    @Test
    void in_a_serial_lane_requests_without_a_sequence_take_their_turn_too() throws Exception {
        Lanes serial = new Lanes(Map.of(), Set.of(new Method("hold")), Lanes.Overlap.PARALLEL);
        try (Shop shop = new Shop(Rules.of(Limits.DEFAULT).withLanes(serial), null)) {
            Request first = shop.send(Request.of("hold").with("first"));
            Request second = shop.send(Request.of("hold").with("second"));
            await().until(() -> !shop.work.isEmpty());
            shop.ask(Request.of("work"));
            assertThat(shop.work).doesNotContain("second");

            shop.letGo();

            shop.answer(first);
            shop.answer(second);
            assertThat(shop.work).startsWith("first").endsWith("second");
        }
    }

    @Test
    void serial_device_does_one_thing_at_a_time() throws Exception {
        Lanes serial = new Lanes(Map.of(), Set.of(), Lanes.Overlap.SERIAL);
        try (Shop shop = new Shop(Rules.of(Limits.DEFAULT).withLanes(serial), null)) {
            shop.send(Request.of("hold").with("first"));
            Request second = shop.send(Request.of("work").with("second"));
            Request third = shop.send(Request.of("work").with("third").sequence(1));
            await().until(() -> !shop.work.isEmpty());
            assertThat(shop.isAnswered(second)).isFalse();

            shop.letGo();

            shop.answer(third);
            assertThat(shop.work).containsExactly("first", "second", "third");
        }
    }

    @Test
    void sequence_comes_last_of_the_duties() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.ask(Request.of("work").sequence(5));

            AnswerMessage unknown = shop.ask(Request.of("nothing").sequence(1));

            assertThat(refusal(unknown)).startsWith("invalid_request");
            assertThat(lane(unknown).last()).isZero();
        }
    }

    private static Request request(String method, String json) throws Exception {
        return Request.of(method).with(JsonText.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String response(AnswerMessage answer) {
        return answer instanceof AnswerMessage.Answered answered
                ? answered.response().toString()
                : refusal(answer);
    }

    @Test
    void lane_get_tells_the_counters() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            Request ran = Request.of("work").sequence(5);
            Lane lane = lane(shop.ask(ran));
            String written =
                    "{\"name\":\"work\",\"epoch\":\"" + lane.epoch() + "\",\"last\":5,\"lastId\":\"" + ran.id() + "\"}";

            assertThat(response(shop.ask(request("lane.get", "\"work\"")))).isEqualTo(written);
            assertThat(response(shop.ask(request("lane.get", "{\"lane\":\"work\"}"))))
                    .isEqualTo(written);
            assertThat(response(shop.ask(request("lane.get", "null"))))
                    .isEqualTo("{\"epoch\":\"" + lane.epoch() + "\",\"lanes\":[" + written + "]}");
        }
    }

    @Test
    void lane_whose_first_request_is_refused_takes_no_room(@TempDir Path directory) throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            for (int i = 0; i < 1_001; i++) {
                assertThat(refusal(shop.ask(Request.of("refuse." + i).sequence(1))))
                        .startsWith("invalid_request: not like");
            }
            assertThat(shop.responder().ledger().lanes()).isEmpty();

            shop.restart();

            assertThat(shop.responder().ledger().lanes()).isEmpty();
            assertThat(lane(shop.ask(Request.of("work").sequence(1))).last()).isEqualTo(1);
        }
    }

    @Test
    void request_that_is_refused_leaves_the_counters_as_they_were(@TempDir Path directory) throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            Lane set = shop.responder().ledger().set(new Method("refuse.0"), 0);
            shop.ask(Request.of("refuse.0").sequence(1));
            assertThat(shop.responder().ledger().lanes()).containsExactly(set);

            shop.restart();

            assertThat(shop.responder().ledger().lanes()).containsExactly(set);
        }
    }

    @Test
    void lane_set_sets_the_counters_and_draws_an_epoch(@TempDir Path directory) throws Exception {
        try (Shop shop = Shop.in(directory.resolve("lamp.journal"))) {
            Epoch before = lane(shop.ask(Request.of("work").sequence(50))).epoch();

            shop.ask(request("lane.set", "{\"lane\":\"work\",\"last\":4,\"epoch\":\"" + before + "\"}"));
            shop.restart();

            Lane set = lane(shop.ask(Request.of("work").after(5, 4)));
            assertThat(set.last()).isEqualTo(5);
            assertThat(set.epoch()).isNotEqualTo(before);
        }
    }

    @Test
    void lane_set_with_another_epoch_is_refused() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            assertThat(response(shop.ask(request("lane.set", "{\"lane\":\"work\",\"last\":4,\"epoch\":\"other\"}"))))
                    .startsWith("out_of_sequence");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "1",
                "{\"lane\":\"work\"}",
                "{\"lane\":\"work\",\"last\":-1}",
                "{\"lane\":\"a b\",\"last\":1}",
                "{\"lane\":\"work\",\"last\":9007199254740992}",
                "{\"lane\":\"work\",\"last\":1,\"epoch\":1}"
            })
    void lane_set_with_anything_else_is_an_invalid_request(String json) throws Exception {
        try (Shop shop = Shop.inMemory()) {
            assertThat(response(shop.ask(request("lane.set", json)))).startsWith("invalid_request");
        }
    }

    @Test
    void lane_get_and_lane_set_take_no_sequence() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            for (String json : new String[] {"{\"lane\":\"lane.set\",\"last\":4}", "{\"lane\":\"work\",\"last\":4}"}) {
                assertThat(refusal(shop.ask(request("lane.set", json).sequence(1))))
                        .startsWith("invalid_request")
                        .contains("no sequence");
            }
            assertThat(refusal(shop.ask(request("lane.get", "null").sequence(1))))
                    .startsWith("invalid_request");
            assertThat(shop.responder().ledger().lanes()).isEmpty();
        }
    }

    @Test
    void lane_set_does_not_wait_for_itself() throws Exception {
        Method set = new Method("lane.set");
        Lanes serial = new Lanes(Map.of(set, new Method("bench")), Set.of(new Method("bench")), Lanes.Overlap.PARALLEL);
        try (Shop shop = new Shop(Rules.of(Limits.DEFAULT).withLanes(serial), null)) {
            assertThat(response(shop.ask(request("lane.set", "{\"lane\":\"bench\",\"last\":4}"))))
                    .contains("\"last\":4");
        }
    }

    @Test
    void lane_set_waits_for_its_turn() throws Exception {
        try (Shop shop = Shop.inMemory()) {
            shop.send(Request.of("hold").sequence(7));
            await().until(() -> !shop.work.isEmpty());
            Request set = shop.send(request("lane.set", "{\"lane\":\"hold\",\"last\":3}"));
            assertThat(shop.isAnswered(set)).isFalse();

            shop.letGo();

            assertThat(response(shop.answer(set))).contains("\"last\":3");
        }
    }
}
