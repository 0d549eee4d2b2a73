package dev.roundtrip.device.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.update.Patience;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device's commands against a service that a test plays: it refuses, loses answers, and sends messages twice. */
class DeviceCommandsTest {
    private static final String P = "$aws/commands/things/pump/executions/";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Patience SHORT =
            new Patience(Duration.ofMillis(300), Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(20));

    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Service service = new Service();
    private @Nullable DeviceCommands commands;

    record Start(int rpm) {}

    private DeviceCommands open(CommandRules rules, ExecutionHandler handler) {
        DeviceCommands made = new DeviceCommands(
                "pump",
                rules.patience(SHORT),
                handler,
                Json.mapper(),
                (topic, payload, atMost) -> service.take(topic, payload),
                troubles::add);
        commands = made;
        made.connected();
        made.subscribed();
        return made;
    }

    private DeviceCommands open(ExecutionHandler handler) {
        return open(CommandRules.DEFAULT, handler);
    }

    @AfterEach
    void close() {
        if (commands != null) {
            commands.close();
        }
    }

    private static Delivery request(String id, String suffix, String payload) {
        return new Delivery(P + id + "/request" + suffix, payload.getBytes(UTF_8), Delivery.NO_CORRELATION, null);
    }

    /** What the service says to the next updates, in order; accepted when nothing is left. */
    private final class Service {
        private final Queue<String> words = new ConcurrentLinkedQueue<>();
        private final LinkedBlockingQueue<JsonNode> updates = new LinkedBlockingQueue<>();
        private final List<String> topics = new ArrayList<>();
        private CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean isAsked;

        void take(Topic topic, byte[] payload) throws TransportException, InterruptedException {
            isAsked = true;
            gate.await();
            serve(topic, payload);
        }

        private synchronized void serve(Topic topic, byte[] payload) throws TransportException {
            String word = words.isEmpty() ? "accepted" : words.remove();
            if (word.equals("offline")) {
                throw TransportException.lost("no connection");
            }
            topics.add(topic.value());
            updates.add(read(payload));
            String answer = topic.value()
                    .replace("/response/json", "/response/" + (word.equals("accepted") ? word : "rejected") + "/json");
            ObjectNode body = Json.object();
            if (!word.equals("accepted")) {
                body.put("error", word).put("errorMessage", "why");
            }
            if (!word.equals("silent") && commands != null) {
                assertThat(commands.deliver(new Delivery(answer, Json.write(body), Delivery.NO_CORRELATION, null)))
                        .isTrue();
            }
        }

        JsonNode next() throws InterruptedException {
            JsonNode update = updates.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (update == null) {
                throw new AssertionError("no update came");
            }
            return update;
        }

        private static JsonNode read(byte[] payload) {
            try {
                return Json.read(payload);
            } catch (MalformedJsonException impossible) {
                throw new IllegalArgumentException(impossible);
            }
        }
    }

    @Test
    void command_is_carried_out_and_its_result_told() throws Exception {
        DeviceCommands device = open(execution -> ExecutionResult.succeeded()
                .with("rpm", String.valueOf(execution.as(Start.class).rpm()))
                .with("on", true)
                .with("raw", new byte[] {0, 1, 2}));

        device.deliver(request("e1", "/json", "{\"rpm\":300}"));

        String result = "{\"rpm\":{\"s\":\"300\"},\"on\":{\"b\":true},\"raw\":{\"bin\":\"AAEC\"}}";
        JsonNode update = service.next();
        assertThat(update.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(update.path("result")).hasToString(result);
        assertThat(service.topics).containsExactly(P + "e1/response/json");
        assertThat(troubles).isEmpty();
    }

    @Test
    void payload_is_handed_over_by_its_format() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        DeviceCommands device = open(execution -> {
            seen.add(execution.format() + " " + execution.contentType() + " " + execution.payload().length);
            return ExecutionResult.succeeded();
        });

        device.deliver(request("a", "/json", "{}"));
        service.next();
        device.deliver(request("b", "/cbor", "abc"));
        service.next();
        device.deliver(new Delivery(P + "c/request", new byte[] {1}, Delivery.NO_CORRELATION, null, "text/plain"));
        service.next();

        assertThat(seen).containsExactly("JSON null 2", "CBOR null 3", "OTHER text/plain 1");
    }

    @Test
    void message_that_comes_twice_runs_once() throws Exception {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        DeviceCommands device = open(execution -> {
            ran.add(execution.id());
            end.await();
            return ExecutionResult.succeeded();
        });

        device.deliver(request("e1", "/json", "{}"));
        device.deliver(request("e1", "/json", "{}"));
        end.countDown();
        service.next();
        device.deliver(request("e1", "/json", "{}"));
        device.deliver(request("e2", "/json", "{}"));
        service.next();

        assertThat(ran).containsExactly("e1", "e2");
        assertThat(service.updates).isEmpty();
    }

    @Test
    void conflict_throttling_silence_and_a_lost_connection_are_overcome() throws Exception {
        service.words.addAll(List.of("DataConflict", "offline", "silent", "RequestThrottled", "InternalError"));
        DeviceCommands device = open(execution -> ExecutionResult.failed("STUCK", "it does not\nturn"));

        device.deliver(request("e1", "/json", "{}"));

        for (int update = 0; update < 5; update++) {
            JsonNode said = service.next();
            assertThat(said.path("status").asText()).isEqualTo("FAILED");
            assertThat(said.path("statusReason").path("reasonCode").asText()).isEqualTo("STUCK");
            assertThat(said.path("statusReason").path("reasonDescription").asText())
                    .isEqualTo("it does not turn");
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void refusal_for_good_ends_there_and_is_told() throws Exception {
        service.words.add("ResourceNotFound");
        DeviceCommands device = open(execution -> ExecutionResult.succeeded());

        device.deliver(request("e1", "/json", "{}"));
        service.next();

        await().atMost(PATIENCE).until(() -> !troubles.isEmpty());
        assertThat(troubles).singleElement().asString().contains("e1", "ResourceNotFound");
        device.deliver(request("e2", "/json", "{}"));
        assertThat(service.next().path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void end_that_the_service_had_although_its_answer_was_lost_is_no_trouble() throws Exception {
        service.words.addAll(List.of("silent", "TerminalStateReached"));
        DeviceCommands device = open(execution -> ExecutionResult.succeeded());

        device.deliver(request("e1", "/json", "{}"));
        service.next();
        service.next();
        device.deliver(request("e2", "/json", "{}"));
        service.next();

        assertThat(troubles).isEmpty();
    }

    @Test
    void late_answer_to_progress_does_not_pass_for_the_answer_to_the_last_word() throws Exception {
        service.words.addAll(List.of("silent", "accepted", "DataConflict"));
        DeviceCommands device = open(CommandRules.DEFAULT.reportingStart(), execution -> {
            await().atMost(PATIENCE).until(() -> service.isAsked);
            return ExecutionResult.succeeded();
        });

        device.deliver(request("e1", "/json", "{}"));

        assertThat(service.next().path("status").asText()).isEqualTo("IN_PROGRESS");
        for (String why : List.of("answered by what may be late", "refused for a moment", "accepted")) {
            assertThat(service.next().path("status").asText()).as(why).isEqualTo("SUCCEEDED");
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void last_word_that_the_service_does_not_understand_is_said_without_its_result() throws Exception {
        service.words.add("InvalidRequest");
        DeviceCommands device = open(execution -> ExecutionResult.succeeded().with("rpm", "300"));

        device.deliver(request("e1", "/json", "{}"));

        assertThat(service.next().has("result")).isTrue();
        assertThat(service.next()).hasToString("{\"status\":\"SUCCEEDED\"}");
        assertThat(troubles).hasSize(1);
    }

    @Test
    void one_update_of_an_execution_is_in_flight_and_the_last_progress_counts() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        service.gate = gate;
        DeviceCommands device = open(CommandRules.DEFAULT.reportingStart(), execution -> {
            await().atMost(PATIENCE).until(() -> service.isAsked);
            for (int percent = 0; percent <= 100; percent++) {
                execution.progress("WORKING", percent + " %");
            }
            gate.countDown();
            return ExecutionResult.succeeded();
        });

        device.deliver(request("e1", "/json", "{}"));

        assertThat(service.next().path("status").asText()).isEqualTo("IN_PROGRESS");
        JsonNode next = service.next();
        if (next.path("status").asText().equals("IN_PROGRESS")) {
            assertThat(next.path("statusReason").path("reasonDescription").asText())
                    .isEqualTo("100 %");
            next = service.next();
        }
        assertThat(next.path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void unfit_payload_and_a_handler_that_breaks_are_told_without_their_contents() throws Exception {
        DeviceCommands device = open(execution -> {
            if (execution.as(Start.class).rpm() > 1) {
                throw new IllegalStateException("secret");
            }
            throw new CommandRejectedException("LOCKED", "the pump is locked by hand");
        });

        device.deliver(request("a", "/json", "{\"rpm\":\"secret\"}"));
        JsonNode unfit = service.next();
        device.deliver(request("b", "/json", "{\"rpm\":2}"));
        JsonNode broken = service.next();
        device.deliver(request("c", "/json", "{\"rpm\":1}"));
        JsonNode locked = service.next();

        assertThat(unfit.path("status").asText()).isEqualTo("REJECTED");
        assertThat(unfit.path("statusReason").path("reasonDescription").asText())
                .isEqualTo("the payload is no Start");
        assertThat(broken.path("status").asText()).isEqualTo("FAILED");
        assertThat(broken.toString()).contains("IllegalStateException").doesNotContain("secret");
        assertThat(locked.path("statusReason").path("reasonCode").asText()).isEqualTo("LOCKED");
    }

    @Test
    void what_comes_too_late_does_not_run() throws Exception {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        DeviceCommands device = open(execution -> {
            ran.add(execution.id());
            return ExecutionResult.succeeded();
        });

        device.deliver(new Delivery(
                P + "e1/request/json", new byte[0], Delivery.NO_CORRELATION, Duration.ZERO, "application/json"));

        assertThat(service.next().path("status").asText()).isEqualTo("TIMED_OUT");
        assertThat(ran).isEmpty();
    }

    @Test
    void handler_whose_time_is_over_is_interrupted_and_may_still_say_how_it_ended() throws Exception {
        DeviceCommands device = open(execution -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException over) {
                if (execution.id().equals("e2")) {
                    return ExecutionResult.succeeded();
                }
                throw over;
            }
            return ExecutionResult.failed("NEVER", "");
        });

        device.deliver(new Delivery(
                P + "e1/request/json", new byte[0], Delivery.NO_CORRELATION, Duration.ofMillis(300), null));
        JsonNode broken = service.next();
        device.deliver(new Delivery(
                P + "e2/request/json", new byte[0], Delivery.NO_CORRELATION, Duration.ofMillis(300), null));

        assertThat(broken.path("status").asText()).isEqualTo("TIMED_OUT");
        assertThat(broken.path("statusReason").path("reasonCode").asText()).isEqualTo("EXPIRED");
        assertThat(service.next().path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void time_that_is_left_comes_from_the_message_expiry() throws Exception {
        Queue<Boolean> seen = new ConcurrentLinkedQueue<>();
        DeviceCommands device = open(execution -> {
            Duration left = execution.remaining();
            seen.add(left != null && left.compareTo(Duration.ofSeconds(50)) > 0 && !execution.isAbandoned());
            return ExecutionResult.succeeded();
        });

        device.deliver(new Delivery(
                P + "e1/request/json", new byte[0], Delivery.NO_CORRELATION, Duration.ofSeconds(60), null));
        service.next();

        assertThat(seen).containsExactly(true);
    }

    @Test
    void what_is_too_much_is_rejected_as_busy() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        DeviceCommands device = open(CommandRules.DEFAULT.atOnce(1), execution -> {
            end.await();
            return ExecutionResult.succeeded();
        });

        device.deliver(request("e1", "/json", "{}"));
        device.deliver(request("e2", "/json", "{}"));
        JsonNode busy = service.next();
        end.countDown();

        assertThat(busy.path("status").asText()).isEqualTo("REJECTED");
        assertThat(busy.path("statusReason").path("reasonCode").asText()).isEqualTo("BUSY");
        assertThat(service.next().path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void other_topics_and_hostile_messages_are_passed_over() throws Exception {
        DeviceCommands device = open(execution -> ExecutionResult.succeeded());

        assertThat(device.deliver(new Delivery("pump/start/gw/1", new byte[0], Delivery.NO_CORRELATION, null)))
                .isFalse();
        for (String topic : List.of("", "e/request/xml", "e/response/accepted/json", "a b/request", "x".repeat(90))) {
            assertThat(device.deliver(new Delivery(P + topic, new byte[] {'{'}, Delivery.NO_CORRELATION, null)))
                    .isTrue();
        }
        device.deliver(request("e1", "", ""));

        assertThat(service.next().path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(service.updates).isEmpty();
        assertThat(troubles).isEmpty();
    }

    @Test
    void names_codes_and_sizes_are_what_the_service_takes() throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> ExecutionResult.failed("not this", "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExecutionResult.succeeded().with("a b", "x"));
        DeviceCommands device = open(execution -> ExecutionResult.succeeded().with("log", "x".repeat(200_000)));

        device.deliver(request("e1", "/json", "{}"));

        JsonNode update = service.next();
        assertThat(update.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(update.has("result")).isFalse();
        assertThat(update.path("statusReason").path("reasonCode").asText()).isEqualTo("RESULT_TOO_LARGE");
    }

    @Test
    void progress_that_the_service_refuses_takes_no_outcome_away() throws Exception {
        service.words.add("InvalidStateTransition");
        DeviceCommands device = open(CommandRules.DEFAULT.reportingStart(), execution -> {
            await().atMost(PATIENCE).until(() -> !troubles.isEmpty());
            return ExecutionResult.succeeded();
        });

        device.deliver(request("e1", "/json", "{}"));

        assertThat(service.next().path("status").asText()).isEqualTo("IN_PROGRESS");
        assertThat(service.next().path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void end_of_the_program_is_told_of_what_is_at_work_and_what_is_done() throws Exception {
        CountDownLatch began = new CountDownLatch(2);
        DeviceCommands device = open(execution -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closed) {
                if (execution.id().equals("stops")) {
                    throw closed;
                }
            }
            return ExecutionResult.succeeded();
        });
        device.deliver(request("ends", "/json", "{}"));
        device.deliver(request("stops", "/json", "{}"));
        await().atMost(PATIENCE).until(() -> began.getCount() == 0);

        device.close();

        assertThat(List.of(service.next().toString(), service.next().toString()))
                .anyMatch(update -> update.contains("SUCCEEDED"))
                .anyMatch(update -> update.contains("FAILED") && update.contains("STOPPED"));
    }
}
