package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import dev.roundtrip.protocol.Method;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that breaks two of the duties of a device is refused because of the earlier one. */
@Timeout(60)
class DutiesTest {
    private static final int MAX_IN_FLIGHT = 12;
    private static final int MAX_REMEMBERED = 40;
    private static final Rules RULES = Rules.of(
                    new Limits(MAX_IN_FLIGHT, MAX_REMEMBERED, 1 << 20, Duration.ZERO, Duration.ofHours(1)))
            .withKeeping(new Keeping(Keeping.LEAST_KEYS, Keeping.LEAST_BYTES));

    /** In the order of the contract; those of one rank are of one duty. */
    enum Duty {
        TOPIC(1),
        ID(2),
        KEY_OF_ANOTHER_REQUEST(3),
        KEY_KNOWN(3),
        DEADLINE(4),
        DEADLINE_TOO_FAR(4),
        METHOD(5),
        ROOM_FOR_THE_ID(6),
        ROOM_FOR_A_CALL(6),
        ROOM_FOR_A_KEY(6),
        ROOM_FOR_A_LANE(6),
        SEQUENCE(7);

        final int rank;

        Duty(int rank) {
            this.rank = rank;
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Duty.values())
                .flatMap(earlier -> Stream.of(Duty.values())
                        .filter(later -> earlier.rank < later.rank)
                        // The key of a call that ended makes room for another one.
                        .filter(later -> earlier != Duty.KEY_KNOWN || later != Duty.ROOM_FOR_A_KEY)
                        .map(later -> Arguments.of(earlier, later)));
    }

    /** A request, and what is done to break duties with it. */
    private static final class Case {
        final Shop shop;
        Request request = Request.of("work").sequence(1).key("new");
        Duration timeout = Duration.ofSeconds(10);
        boolean isForAnother;
        private int held;

        Case(Shop shop) {
            this.shop = shop;
        }

        void breakDuty(Duty duty) throws Exception {
            switch (duty) {
                case TOPIC -> isForAnother = true;
                case ID -> {
                    shop.ask(new Request(request.id(), "echo", request.value(), null, null));
                    shop.forget(request);
                }
                case KEY_OF_ANOTHER_REQUEST -> {
                    hold(Request.of("hold").key("known", "three pumps"));
                    request = request.key("known", "four pumps");
                }
                case KEY_KNOWN -> {
                    shop.ask(Request.of("echo").key("known"));
                    request = request.key("known");
                }
                case DEADLINE -> timeout = Duration.ofSeconds(-1);
                case DEADLINE_TOO_FAR -> timeout = Duration.ofHours(2);
                case METHOD ->
                    request = new Request(request.id(), "unknown", request.value(), request.order(), request.key());
                case ROOM_FOR_THE_ID -> {
                    while (shop.responder().remembered() < MAX_REMEMBERED) {
                        shop.ask(Request.of("echo"));
                    }
                }
                case ROOM_FOR_A_CALL -> {
                    while (held < MAX_IN_FLIGHT) {
                        hold(Request.of("hold"));
                    }
                }
                case ROOM_FOR_A_KEY -> {
                    while (held < Keeping.LEAST_KEYS) {
                        hold(Request.of("hold").key("other " + held));
                    }
                }
                case ROOM_FOR_A_LANE -> fillLanes();
                // Nothing ran in the lane.
                case SEQUENCE -> request = request.after(9, 8);
            }
        }

        private void hold(Request other) {
            shop.send(other);
            held++;
            await().until(() -> shop.work.size() == held);
        }

        private void fillLanes() throws IOException {
            for (int i = 0; shop.responder().ledger().hasRoomFor(new Method("work")); i++) {
                shop.responder().ledger().set(new Method("lane-" + i), 1);
            }
        }

        void send() {
            Delivery sent = request.delivery(shop.clock.now(), timeout);
            String topic = isForAnother ? "pump" + sent.topic().substring("lamp".length()) : sent.topic();
            shop.responder().deliver(new Delivery(topic, sent.payload(), sent.correlation(), null));
        }

        /** What becomes of the request: the first words of its answer, or of what is told of it. */
        String outcome() throws Exception {
            int before = shop.events.size();
            send();
            List<CommandEvent> news = shop.events.stream().skip(before).toList();
            if (news.stream().anyMatch(CommandEvent.Discarded.class::isInstance)) {
                return "discarded";
            }
            if (news.stream().anyMatch(CommandEvent.Unanswered.class::isInstance)) {
                return "unanswered";
            }
            return switch (shop.answer(request)) {
                case AnswerMessage.Answered answered ->
                    answered.memory().replay() == Replay.REPLAYED ? "replayed" : "answered";
                case AnswerMessage.Failed failed -> failed.error().code();
                case AnswerMessage.Refused refused -> refused.refusal().code();
            };
        }
    }

    private static String expected(Duty duty) {
        return switch (duty) {
            case TOPIC -> "discarded";
            case ID -> "answered";
            case KEY_OF_ANOTHER_REQUEST -> "key_reused";
            case KEY_KNOWN -> "replayed";
            case DEADLINE, DEADLINE_TOO_FAR -> "expired";
            case METHOD -> "invalid_request";
            // Not answered: it could run when it is repeated, whatever its caller was told.
            case ROOM_FOR_THE_ID -> "unanswered";
            case ROOM_FOR_A_CALL, ROOM_FOR_A_KEY, ROOM_FOR_A_LANE -> "busy";
            case SEQUENCE -> "out_of_sequence";
        };
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void earlier_of_two_broken_duties_decides(Duty earlier, Duty later) throws Exception {
        try (Shop shop = new Shop(RULES, null)) {
            Case broken = new Case(shop);
            broken.breakDuty(earlier);
            broken.breakDuty(later);

            assertThat(broken.outcome()).isEqualTo(expected(earlier));
            shop.letGo();
        }
    }

    @ParameterizedTest
    @EnumSource
    void broken_duty_decides_alone(Duty duty) throws Exception {
        try (Shop shop = new Shop(RULES, null)) {
            Case broken = new Case(shop);
            broken.breakDuty(duty);

            assertThat(broken.outcome()).isEqualTo(expected(duty));
            shop.letGo();
        }
    }
}
