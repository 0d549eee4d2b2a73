package dev.roundtrip.device.shadow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device's shadow against a service that a test plays: answers come, get lost, or come twice and late. */
class DeviceShadowTest {
    private static final String P = "$aws/things/pump/shadow/";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ConcurrentLinkedQueue<Integer> applied = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Service service = new Service();

    @SuppressWarnings("NullAway.Init") // set before each test
    private DeviceShadow shadow;

    @BeforeEach
    void describe() {
        shadow = open(new ShadowBuilder(Json.mapper()));
    }

    private DeviceShadow open(ShadowBuilder builder) {
        return new DeviceShadow(
                "pump",
                "",
                builder.on("rpm", Integer.class, rpm -> {
                    if (rpm > 1_000) {
                        throw new ShadowRefusedException(422, "too fast");
                    }
                    applied.add(rpm);
                    return rpm;
                }),
                (topic, payload, atMost) -> service.take(topic, payload),
                troubles::add);
    }

    @AfterEach
    void close() {
        shadow.close();
    }

    private void connect() {
        shadow.connected();
        service.isOnline = true;
        shadow.subscribed();
    }

    /** One property, {@code rpm}, with AWS's rules for versions and deltas. */
    private final class Service {
        private final Random random = new Random(5);
        private final List<Runnable> late = new ArrayList<>();
        private long version;
        private int desired = -1;
        private int reported = -1;
        private JsonNode acks = Json.object();
        private boolean hasDesired;
        private boolean isOnline;
        private int lossPercent;
        private int refusals;
        private int getRefusals;
        private String forbidden = "none";
        private int forbiddings;
        private int maxBytes = 100_000;
        private JsonNode others = Json.object();
        private int updates;
        private boolean changesMeanwhile;

        synchronized void take(Topic topic, byte[] payload) throws TransportException {
            if (topic.value().endsWith(forbidden) && forbiddings > 0) {
                forbiddings--;
                throw TransportException.refused("the policy does not allow it");
            }
            JsonNode request = read(payload);
            String token = request.path("clientToken").asText();
            if (topic.value().equals(P + "get")) {
                get(token);
            } else if (topic.value().equals(P + "update")) {
                update(request, token);
            } else {
                throw new IllegalArgumentException(topic.value());
            }
        }

        private void get(String token) {
            if (getRefusals > 0) {
                getRefusals--;
                send("get/rejected", Json.object().put("code", 403).put("clientToken", token));
                return;
            }
            if (version == 0) {
                send("get/rejected", Json.object().put("code", 404).put("clientToken", token));
                return;
            }
            ObjectNode answer = Json.object().put("version", version).put("clientToken", token);
            answer.putObject("state").set("delta", delta());
            send("get/accepted", answer);
        }

        private void update(JsonNode request, String token) {
            updates++;
            if (changesMeanwhile) {
                changesMeanwhile = false;
                version++;
                desired = 310;
            }
            if (refusals > 0) {
                refusals--;
                send("update/rejected", Json.object().put("code", 429).put("clientToken", token));
                return;
            }
            JsonNode wanted = request.path("version");
            if (wanted.isNumber() && wanted.asLong() != version) {
                send("update/rejected", Json.object().put("code", 409).put("clientToken", token));
                return;
            }
            JsonNode said = request.path("state").path("reported");
            if (said.toString().length() > maxBytes) {
                send("update/rejected", Json.object().put("code", 413).put("clientToken", token));
                return;
            }
            version++;
            others = said.has("temp") ? said : others;
            reported = said.path("rpm").asInt(reported);
            acks = said.has("acks") ? said.path("acks") : acks;
            if (request.path("state").path("desired").has("rpm")) {
                hasDesired = false;
            }
            send("update/accepted", Json.object().put("version", version).put("clientToken", token));
            tellDelta(token);
        }

        synchronized void beginAnew() {
            version = 0;
            reported = -1;
            hasDesired = false;
        }

        synchronized void desire(int rpm) {
            version++;
            desired = rpm;
            hasDesired = true;
            tellDelta("an app's");
        }

        private ObjectNode delta() {
            ObjectNode delta = Json.object();
            if (hasDesired && desired != reported) {
                delta.put("rpm", desired);
            }
            return delta;
        }

        private void tellDelta(String token) {
            if (!delta().isEmpty()) {
                ObjectNode message = Json.object().put("version", version).put("clientToken", token);
                message.set("state", delta());
                send("update/delta", message);
            }
        }

        /** At once, not at all, twice, or after what comes later. */
        private void send(String kind, ObjectNode message) {
            byte[] payload = Json.write(message);
            Runnable delivery = () -> shadow.deliver(P + kind, payload);
            int chance = random.nextInt(100);
            if (!isOnline || chance < lossPercent) {
                return;
            }
            if (lossPercent > 0 && chance < 2 * lossPercent) {
                late.add(delivery);
            } else {
                delivery.run();
                if (lossPercent > 0 && chance > 90) {
                    delivery.run();
                }
            }
        }

        synchronized void deliverLate() {
            List.copyOf(late).forEach(Runnable::run);
            late.clear();
        }

        synchronized boolean isConverged() {
            return reported == desired;
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
    void what_is_desired_is_applied_reported_and_acknowledged() {
        service.desire(300);
        connect();
        await().atMost(PATIENCE).until(service::isConverged);

        service.desire(400);
        await().atMost(PATIENCE).until(service::isConverged);

        assertThat(applied).containsExactly(300, 400);
        assertThat(service.acks.path("rpm").path("ac").asInt()).isEqualTo(200);
        assertThat(service.acks.path("rpm").path("av").asLong()).isPositive();
        assertThat(troubles).isEmpty();
    }

    @Test
    void refusal_is_acknowledged_and_ends_there() {
        connect();
        service.desire(5_000);

        await().atMost(PATIENCE).until(() -> service.acks.path("rpm").path("ac").asInt() == 422);

        assertThat(service.acks.path("rpm").path("ad").asText()).isEqualTo("too fast");
        assertThat(applied).isEmpty();
        assertThat(service.isConverged()).isFalse();
    }

    @Test
    void value_of_another_type_is_refused_by_the_library() {
        connect();
        shadow.deliver(
                P + "update/delta",
                "{\"version\":1,\"state\":{\"rpm\":\"fast\"},\"clientToken\":\"x\"}".getBytes(UTF_8));

        await().atMost(PATIENCE).until(() -> service.acks.path("rpm").path("ac").asInt() == 400);
        assertThat(applied).isEmpty();
    }

    @Test
    void local_change_is_reported_and_one_before_the_connection_too() {
        shadow.report("rpm", 250);
        connect();
        await().atMost(PATIENCE).until(() -> service.reported == 250);

        shadow.report("rpm", 260);
        await().atMost(PATIENCE).until(() -> service.reported == 260);
    }

    @Test
    void throttled_report_is_made_again() {
        service.refusals = 2;
        connect();
        shadow.report("rpm", 250);

        await().atMost(PATIENCE).until(() -> service.reported == 250);
        assertThat(troubles).isEmpty();
    }

    @Test
    void value_that_is_applied_leaves_desired_where_that_is_asked_for() {
        shadow.close();
        shadow = open(new ShadowBuilder(Json.mapper()).clearingDesired());
        service.desire(300);
        connect();

        await().atMost(PATIENCE).until(() -> service.reported == 300 && !service.hasDesired);

        shadow.report("rpm", 10);
        await().atMost(PATIENCE).until(() -> service.reported == 10);
        assertThat(applied).containsExactly(300);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void lost_late_and_doubled_messages_leave_the_last_value(long seed) {
        Random random = new Random(seed);
        service.random.setSeed(seed);
        service.lossPercent = 15;
        connect();
        int rpm = 1;
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> service.desire(rpm++);
                case 2 -> connect();
                default -> service.deliverLate();
            }
        }
        service.lossPercent = 0;
        connect();

        await().atMost(PATIENCE).until(service::isConverged);
        List<Integer> values = List.copyOf(applied);
        assertThat(values.getLast()).isEqualTo(rpm - 1);
    }

    @Test
    void other_topics_and_hostile_payloads_are_passed_over() {
        connect();

        assertThat(shadow.deliver("pump/start/gw/1", new byte[0])).isFalse();
        assertThat(shadow.deliver(P + "name/config/update/delta", new byte[0])).isFalse();
        for (String payload : List.of("", "{", "[]", "null", "{\"version\":-1}", "{\"version\":9,\"state\":7}")) {
            assertThat(shadow.deliver(P + "update/delta", payload.getBytes(UTF_8)))
                    .isTrue();
        }

        shadow.report("rpm", 1);
        await().atMost(PATIENCE).until(() -> service.reported == 1);
        assertThat(applied).isEmpty();
    }

    @Test
    void reports_are_bounded() {
        for (int i = 0; i < 256; i++) {
            shadow.report("p" + i, i);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> shadow.report("one more", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> shadow.report("acks", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> shadow.report("p1", "x".repeat(9_000)));
    }

    @Test
    void reports_during_the_pause_that_the_service_wants_wait_and_are_merged() {
        connect();
        shadow.report("rpm", 0);
        await().atMost(PATIENCE).until(() -> service.reported == 0);
        service.refusals = 1;
        int before = service.updates;
        for (int rpm = 1; rpm <= 200; rpm++) {
            shadow.report("rpm", rpm);
        }

        await().atMost(PATIENCE).until(() -> service.reported == 200);
        // The refused one, the one after the pause, and one that was under way between two changes.
        assertThat(service.updates - before).isLessThanOrEqualTo(3);
    }

    @Test
    void wish_that_comes_between_is_not_cleared_and_the_shadow_is_asked_for_again() {
        shadow.close();
        shadow = open(new ShadowBuilder(Json.mapper()).clearingDesired());
        service.desire(300);
        service.changesMeanwhile = true;
        connect();

        await().atMost(PATIENCE).until(() -> service.reported == 310 && !service.hasDesired);
        assertThat(applied).containsExactly(300, 310);
    }

    @Test
    void burst_of_messages_is_bounded_and_the_shadow_asked_for_again() {
        connect();
        for (int rpm = 1; rpm <= 500; rpm++) {
            service.desire(rpm);
        }
        await().atMost(PATIENCE).until(service::isConverged);
        assertThat(List.copyOf(applied)).isSorted().endsWith(500);
    }

    @Test
    void value_that_the_service_refuses_is_told_and_others_are_reported() {
        service.maxBytes = 5_000;
        shadow.report("log", "x".repeat(7_000));
        shadow.report("picture", "x".repeat(7_000));
        shadow.report("temp", 21);
        connect();

        await().atMost(PATIENCE).until(() -> service.others.path("temp").asInt() == 21);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(troubles).singleElement().asString().contains("413"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "update"})
    void message_that_the_broker_refuses_is_told_once_and_sent_again(String verb) {
        service.forbidden = "/" + verb;
        service.forbiddings = 2;
        shadow.report("rpm", 250);
        connect();

        await().atMost(PATIENCE).until(() -> service.reported == 250);

        assertThat(troubles).singleElement().asString().contains("the policy does not allow it");
    }

    @Test
    void get_that_the_service_refuses_is_told_once_and_sent_again() {
        service.getRefusals = 2;
        shadow.report("rpm", 250);
        connect();

        await().atMost(PATIENCE).until(() -> service.reported == 250);

        assertThat(troubles).singleElement().asString().contains("403");
    }

    @Test
    void shadow_that_was_deleted_and_begins_anew_is_followed_on_the_same_connection() {
        service.version = 100;
        service.desire(300);
        connect();
        await().atMost(PATIENCE).until(service::isConverged);

        service.beginAnew();
        service.desire(400);

        await().atMost(PATIENCE).until(() -> service.reported == 400);
    }
}
