package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody but a service says what a service says, whatever policies allow. */
class ServiceTopicsTest {
    private static final String ACCEPTED = "$aws/things/x/shadow/update/accepted";

    /** A service that would take everything. */
    private final EchoService greedy = new EchoService(
            "$aws/things/+/+/+",
            "$aws/things/+/+/+/+",
            "$aws/things/+/+/+/+/+",
            "$aws/things/+/+/+/+/+/+",
            "$aws/commands/+/+/executions/+/+",
            "$aws/commands/+/+/executions/+/+/+",
            "$aws/commands/+/+/executions/+/+/+/+",
            "$aws/certificates/+/+",
            "$aws/certificates/+/+/+",
            "$aws/provisioning-templates/+/provision/+",
            "$aws/provisioning-templates/+/provision/+/+",
            "$aws/device_location/+/+/+");

    private final TestBroker test = TestBroker.serving(UnaryOperator.identity(), greedy);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/things/x/shadow/update/accepted",
                "$aws/things/x/shadow/update/rejected",
                "$aws/things/x/shadow/update/delta",
                "$aws/things/x/shadow/update/documents",
                "$aws/things/x/shadow/get/accepted",
                "$aws/things/x/shadow/delete/rejected",
                "$aws/things/x/shadow/name/n/update/delta",
                "$aws/things/x/shadow/name/n/get/accepted",
                "$aws/things/x/jobs/get/accepted",
                "$aws/things/x/jobs/start-next/rejected",
                "$aws/things/x/jobs/$next/get/accepted",
                "$aws/things/x/jobs/j/update/rejected",
                "$aws/things/x/jobs/notify",
                "$aws/things/x/jobs/notify-next",
                "$aws/things/x/jobs/notify-namespace-greengrass",
                "$aws/things/x/jobs/notify-namespace-",
                "$aws/things/x/tunnels/notify",
                "$aws/commands/things/x/executions/e/request",
                "$aws/commands/things/x/executions/e/request/json",
                "$aws/commands/clients/x/executions/e/response/accepted/json",
                "$aws/commands/things/x/executions/e/response/rejected",
                "$aws/certificates/create/json/accepted",
                "$aws/certificates/create-from-csr/cbor/rejected",
                "$aws/provisioning-templates/t/provision/json/accepted",
                "$aws/things/x/defender/metrics/json/accepted",
                "$aws/device_location/x/get_position_estimate/rejected",
                "$aws/things/x/streams/s/data/json"
            })
    void answer_of_a_service_cannot_be_published(String topic) throws IOException {
        RawClient watcher = test.mqtt5().connect("watcher").subscribe(topic);
        RawClient forger = test.mqtt5().connect("forger");

        forger.send(Wire.publish1(Wire.MQTT_5, 1, topic, "{}"));

        assertThat(forger.next()).isEqualTo("e00190");
        assertThat(forger.next()).isEqualTo(RawClient.CLOSED);
        watcher.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$aws/thing/x/shadow/update", "$aws/things/x/unknown", "$aws/x", "$aws/", "$SYS/x"})
    void reserved_topic_that_no_service_takes_ends_the_connection(String topic) throws IOException {
        RawClient watcher = test.mqtt5().connect("watcher").subscribe("$aws/#");
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.publish1(Wire.MQTT_5, 1, topic, "{}"));

        assertThat(client.next()).isEqualTo("e00190");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        watcher.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/things/x/shadow/update",
                "$aws/things/x/shadow/name/accepted/get",
                "$aws/things/x/jobs/get",
                "$aws/things/x/jobs/accepted/update",
                "$aws/things/x/jobs/notify/get",
                "$aws/things/x/jobs/notify-namespace-a/get",
                "$aws/commands/things/x/executions/e/response/json",
                "$aws/certificates/create/json",
                "$aws/provisioning-templates/t/provision/cbor",
                "$aws/things/x/defender/metrics/json",
                "$aws/things/x/streams/s/get/json"
            })
    void request_to_a_service_can_be_published(String topic) throws IOException {
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.publish1(Wire.MQTT_5, 1, topic, "{}"));

        assertThat(client.next()).isEqualTo("40020001");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$aws/rules/r/$aws/things/x/shadow/update/accepted", "a/shadow/update/accepted"})
    void rule_and_topic_of_an_application_are_nobodys_answer(String topic) throws IOException {
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.publish1(Wire.MQTT_5, 1, topic, "{}"));

        assertThat(client.next()).isEqualTo("40020001");
    }

    @Test
    void forger_loses_its_connection_whatever_it_speaks_and_the_log_says_why() throws IOException {
        RawClient unacknowledged = test.mqtt5().connect("a");
        unacknowledged.send(Wire.publish0(Wire.MQTT_5, ACCEPTED, "{}"));
        assertThat(unacknowledged.next()).isEqualTo("e00190");
        assertThat(unacknowledged.next()).isEqualTo(RawClient.CLOSED);
        RawClient old = test.mqtt3().connect("b");
        old.send(Wire.publish1(Wire.MQTT_3, 1, ACCEPTED, "{}"));
        assertThat(old.next()).isEqualTo(RawClient.CLOSED);

        assertThat(test.log.lines)
                .filteredOn(line -> line.contains("TOPIC_NAME_INVALID"))
                .isNotEmpty();
    }

    @Test
    void forged_answer_is_neither_retained_nor_aliased_nor_left_as_a_will() throws IOException {
        for (String properties : new String[] {"", "230001"}) {
            RawClient forger = test.mqtt5().connect("a");
            forger.send(Wire.retained(Wire.publish1(Wire.MQTT_5, 1, ACCEPTED, properties, new byte[1])));
            assertThat(forger.next()).isEqualTo("e00190");
            assertThat(forger.next()).isEqualTo(RawClient.CLOSED);
        }
        RawClient dying = test.mqtt5();
        dying.send(Wire.connect(Wire.MQTT_5, "b", 0x06, 60, "", Wire.will(Wire.MQTT_5, ACCEPTED, "{}")));

        assertThat(test.broker.counters().retained()).isZero();
        assertThat(dying.next().substring(6, 8)).isEqualTo("90");
        assertThat(dying.next()).isEqualTo(RawClient.CLOSED);
    }
}
