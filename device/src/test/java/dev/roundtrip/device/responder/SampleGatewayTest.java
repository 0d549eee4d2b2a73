package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.MessageId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A gateway of the AWS sample sends no deadline, and takes every answer for success: what does not run is not
 * answered.
 */
class SampleGatewayTest {
    private static String ask(Desk desk, String method) {
        return ask(desk, method, null);
    }

    /** The exact shape of the sample: Python's spaces, text only, and three fields. */
    private static String ask(Desk desk, String method, @Nullable Duration expiry) {
        String id = MessageId.random().toString();
        ask(desk, method, id, expiry);
        return id;
    }

    private static void ask(Desk desk, String method, String id, @Nullable Duration expiry) {
        String payload = "{\"timestamp\": \"1669852800000\", \"request\": \"my_request_1\", \"id\": \"" + id + "\"}";
        desk.responder.deliver(new Delivery(
                "lamp/" + method + "/sample/" + id,
                payload.getBytes(StandardCharsets.UTF_8),
                Delivery.NO_CORRELATION,
                expiry));
    }

    /** A device that begins so much later. */
    private static CommandHandler delayed(Duration delay) {
        return command -> new Decision.Accept(turn -> {
            turn.clock().sleepUntil(turn.clock().now().plus(delay));
            turn.run((request, call) -> request);
            turn.answer();
        });
    }

    private static <T extends CommandEvent> void awaitOne(Desk desk, Class<T> type) {
        await().untilAsserted(() -> assertThat(desk.events(type)).hasSize(1));
    }

    @Test
    void it_is_answered_once_for_each_id() throws Exception {
        try (Desk desk = Desk.honest()) {
            String id = ask(desk, "do");
            AnswerMessage answer = desk.nextMessage();
            ask(desk, "do", id, null);

            assertThat(answer).isInstanceOf(AnswerMessage.Answered.class);
            assertThat(answer.id()).isEqualTo(id);
            assertThat(desk.nextMessage()).isEqualTo(answer);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
        }
    }

    @Test
    void it_counts_as_long_as_its_message() throws Exception {
        CommandHandler slow = delayed(Duration.ofSeconds(5));
        try (Desk desk = new Desk(Limits.DEFAULT, slow)) {
            ask(desk, "do", Duration.ofSeconds(4));
            ask(desk, "do", Duration.ofSeconds(6));
            desk.clock.awaitSleepers(2);

            desk.clock.advance(Duration.ofSeconds(5));

            assertThat(desk.nextMessage()).isInstanceOf(AnswerMessage.Answered.class);
            awaitOne(desk, CommandEvent.Refused.class);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
        }
    }

    @Test
    void message_in_its_last_second_counts_for_that_second() throws Exception {
        CommandHandler slow = delayed(Duration.ofMillis(900));
        try (Desk desk = new Desk(Limits.DEFAULT, slow)) {
            ask(desk, "do", Duration.ZERO);
            desk.clock.awaitSleepers(1);

            desk.clock.advance(Duration.ofMillis(900));

            assertThat(desk.nextMessage()).isInstanceOf(AnswerMessage.Answered.class);
        }
    }

    @Test
    void it_is_remembered_for_no_longer_than_any_command() throws Exception {
        try (Desk desk = Desk.honest()) {
            ask(desk, "do", Duration.ofDays(7));
            ask(desk, "do");
            desk.nextMessage();
            desk.nextMessage();

            desk.clock.advance(Limits.DEFAULT.maxDeadline().plusSeconds(60).plusMillis(1));
            ask(desk, "do");
            desk.nextMessage();

            assertThat(desk.responder.remembered()).isEqualTo(1);
        }
    }

    @Test
    void busy_device_stays_silent_also_when_it_is_asked_again() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CommandHandler holding = Desk.running((request, call) -> {
            mayEnd.await();
            return request;
        });
        try (Desk desk = new Desk(Limits.DEFAULT.withMaxInFlight(1), holding)) {
            String first = ask(desk, "do");
            String second = ask(desk, "do");
            ask(desk, "do", second, null);
            mayEnd.countDown();

            assertThat(desk.nextMessage().id()).isEqualTo(first);
            await().untilAsserted(() ->
                    assertThat(desk.events(CommandEvent.Unanswered.class)).hasSize(2));
            assertThat(desk.answers).isEmpty();
            assertThat(desk.events(CommandEvent.Refused.class)).hasSize(1);
        }
    }

    @Test
    void method_that_ran_and_failed_is_answered() throws Exception {
        CommandHandler breaking = Desk.running((request, call) -> {
            throw new IllegalStateException();
        });
        try (Desk desk = new Desk(Limits.DEFAULT, breaking)) {
            ask(desk, "do");

            assertThat(desk.nextMessage()).isInstanceOf(AnswerMessage.Failed.class);
        }
    }
}
