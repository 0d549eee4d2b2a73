package dev.roundtrip.local.iot.command;

import static dev.roundtrip.local.iot.command.TestCommands.THING;
import static dev.roundtrip.local.iot.command.TestCommands.topic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A process that ends after it has written an execution and before the device is sent the request. */
class LeftBehindRequestsTest {
    private static final String TOKEN = ",'clientToken':'t'";
    private static final String REQUESTS = "$aws/commands/things/pump/executions/+/request/json";

    private final TableStore tables = new InMemoryTables();

    private void killedBeforeSending(TestCommands cloud) {
        cloud.command("open");
        cloud.killed = true;
        assertThat(cloud.start(THING, TOKEN).status()).isEqualTo(500);
    }

    private static RawClient pump(TestCommands cloud) throws IOException {
        RawClient pump = cloud.broker.mqtt5().connect("pump");
        pump.send(Wire.subscribe(Wire.MQTT_5, 2, 1, REQUESTS));
        return pump;
    }

    /** The id of the execution whose request a device gets. */
    private static String requested(RawClient pump) throws IOException {
        RawClient.Publish request = pump.nextPublish();
        pump.send(Wire.pubAck(request.packetId()));
        return request.topic().split("/", -1)[5];
    }

    @Test
    void request_that_was_not_sent_is_sent_when_the_device_listens_after_a_restart() throws Exception {
        try (TestCommands killed = new TestCommands(tables)) {
            killedBeforeSending(killed);
        }
        try (TestCommands cloud = new TestCommands(tables)) {
            RawClient pump = pump(cloud);

            assertThat(pump.next()).startsWith("90");
            String id = requested(pump);

            Answer execution = cloud.execution(id, THING);
            assertThat(execution.text("status")).isEqualTo("CREATED");
            assertThat(execution.body().path("statusReason").path("reasonCode").asText())
                    .isEqualTo("$REQUEST_SENT_AGAIN");
            assertThat(cloud.start(THING, TOKEN).text("executionId")).isEqualTo(id);
            assertThat(cloud.update(pump, topic(id), "{'status':'SUCCEEDED'}"))
                    .as("and nothing comes twice")
                    .isEqualTo("accepted");
            assertThat(cloud.execution(id, THING)
                            .body()
                            .path("statusReason")
                            .path("reasonCode")
                            .asText())
                    .as("it may have run twice, and the record says so")
                    .isEqualTo("$REQUEST_SENT_AGAIN");
        }
    }

    @Test
    void request_that_could_not_be_handed_over_is_sent_when_the_device_listens() throws Exception {
        try (TestCommands cloud = new TestCommands(tables)) {
            killedBeforeSending(cloud);
            cloud.killed = false;

            RawClient pump = pump(cloud);

            assertThat(pump.next()).startsWith("90");
            assertThat(requested(pump)).isNotEmpty();
        }
    }

    @Test
    void request_that_was_not_sent_is_sent_when_it_is_asked_for_again() throws Exception {
        try (TestCommands cloud = new TestCommands(tables)) {
            killedBeforeSending(cloud);
            RawClient pump = pump(cloud);
            assertThat(pump.next()).startsWith("90");
            cloud.killed = false;

            Answer again = cloud.start(THING, TOKEN);

            assertThat(again.status()).isEqualTo(200);
            assertThat(requested(pump)).isEqualTo(again.text("executionId"));
        }
    }

    @Test
    void request_that_was_sent_does_not_come_again() throws Exception {
        String sent;
        try (TestCommands cloud = new TestCommands(tables)) {
            cloud.command("open");
            sent = cloud.start(THING, TOKEN).text("executionId");
        }
        try (TestCommands cloud = new TestCommands(tables)) {
            RawClient pump = pump(cloud);
            assertThat(pump.next()).startsWith("90");

            assertThat(cloud.start(THING, TOKEN).text("executionId")).isEqualTo(sent);
            String next = cloud.started(THING);

            assertThat(requested(pump)).isEqualTo(next);
        }
    }

    @Test
    void request_whose_time_is_over_is_not_sent() throws Exception {
        try (TestCommands killed = new TestCommands(tables)) {
            killedBeforeSending(killed);
        }
        try (TestCommands cloud = new TestCommands(tables)) {
            cloud.clock.advance(Duration.ofSeconds(10));
            RawClient pump = pump(cloud);
            assertThat(pump.next()).startsWith("90");

            String next = cloud.started(THING);

            assertThat(requested(pump)).isEqualTo(next);
        }
    }
}
