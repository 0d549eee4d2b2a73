package dev.roundtrip.simulator.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.Desk;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.simulator.method.Methods;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a device with a fault does about a command. */
@Timeout(30)
class FaultyDeviceTest {
    private static final Behaviour HONEST = Behaviour.honest(new Methods(Map.of(), (request, call) -> request));

    private static Desk desk(Behaviour behaviour) {
        return new Desk(Limits.DEFAULT, behaviour.handler());
    }

    /** As a gateway of the AWS sample asks, which sends no deadline. */
    private static void askAsSample(Desk desk, String method) {
        String id = MessageId.random().toString();
        String payload = "{\"timestamp\": \"1669852800000\", \"request\": \"my_request_1\", \"id\": \"" + id + "\"}";
        desk.responder.deliver(new Delivery(
                "lamp/" + method + "/sample/" + id,
                payload.getBytes(StandardCharsets.UTF_8),
                Delivery.NO_CORRELATION,
                null));
    }

    @Test
    void what_a_delay_pushes_past_its_deadline_does_not_run() throws Exception {
        try (Desk desk = desk(HONEST.with(Fault.delay(Duration.ofSeconds(11))))) {
            desk.ask("1");
            desk.clock.awaitSleepers(1);

            desk.clock.advance(Duration.ofSeconds(11));

            assertThat(desk.nextRefusal().code()).isEqualTo("expired");
            assertThat(desk.events(CommandEvent.Ran.class)).isEmpty();
        }
    }

    @Test
    void a_silent_device_runs_and_says_nothing() throws Exception {
        try (Desk desk = desk(HONEST.with(Fault.silent()))) {
            desk.ask("1");

            await().until(() -> desk.events(CommandEvent.Unanswered.class).size() == 1);
            assertThat(desk.events(CommandEvent.Ran.class)).hasSize(1);
            assertThat(desk.answers).isEmpty();
        }
    }

    @Test
    void a_deaf_device_does_not_notice_and_may_notice_the_next_time() throws Exception {
        Fault deafOnce = Fault.deaf().sometimes(0.5, new Random(2) {
            private static final long serialVersionUID = 1L;
            private boolean isSecond;

            @Override
            public double nextDouble() {
                boolean second = isSecond;
                isSecond = true;
                return second ? 0.9 : 0.1;
            }
        });
        try (Desk desk = desk(HONEST.with(deafOnce))) {
            Desk.Call call = desk.ask("1");
            await().until(() -> desk.events(CommandEvent.Unanswered.class).size() == 1);
            await().until(() -> desk.remembered() == 0);
            assertThat(desk.events(CommandEvent.Ran.class)).isEmpty();

            desk.send(call);

            desk.nextAnswer();
        }
    }

    @Test
    void a_late_device_runs_in_time_and_answers_after_the_deadline() throws Exception {
        Fault late = Fault.late(Duration.ofMillis(200));
        try (Desk desk = desk(HONEST.with(late))) {
            desk.ask("1");
            desk.clock.awaitSleepers(1);

            desk.clock.advance(Duration.ofMillis(10_200));

            assertThat(desk.nextAnswer().expirySeconds()).isEqualTo(1);
            assertThat(desk.events(CommandEvent.Ran.class))
                    .singleElement()
                    .satisfies(ran -> assertThat(ran.at()).isEqualTo(ManualClock.START));
        }
    }

    @Test
    void method_that_the_device_does_not_have_is_not_answered() throws Exception {
        Methods methods = Methods.standard(new ManualClock(), new Random(1));
        try (Desk desk = desk(Behaviour.honest(methods))) {
            askAsSample(desk, "whatever");

            await().until(() -> desk.events(CommandEvent.Unanswered.class).size() == 1);
            assertThat(desk.answers).isEmpty();
            assertThat(desk.events(CommandEvent.Ran.class)).isEmpty();
        }
    }

    @Test
    void twin_of_the_samples_device_answers_whatever_the_method() throws Exception {
        Methods methods = Methods.asSample(new ManualClock(), new Random(1));
        try (Desk desk = desk(Behaviour.honest(methods))) {
            askAsSample(desk, "whatever");

            assertThat(desk.nextMessage())
                    .isInstanceOfSatisfying(
                            AnswerMessage.Answered.class,
                            answer -> assertThat(answer.response().toString())
                                    .startsWith("\"Your request was 'my_request_1'. Some random response: '"));
        }
    }

    @Test
    void device_that_is_told_to_fail_and_run_nothing_stays_silent() throws Exception {
        Behaviour failing = HONEST.with(Fault.failing(new DeviceError("jammed", "")));
        try (Desk desk = desk(failing)) {
            askAsSample(desk, "do");

            await().until(() -> desk.events(CommandEvent.Unanswered.class).size() == 1);
            assertThat(desk.answers).isEmpty();
        }
    }
}
