package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.mqtt.packet.ReasonCode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLogTest {
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void awaitLines(String... lines) {
        await().untilAsserted(() -> assertThat(test.log.lines).containsExactly(lines));
    }

    @Test
    void connection_and_its_end_are_logged() throws IOException {
        RawClient client = test.mqtt5().connect("pump");

        test.clock.advance(Duration.ofSeconds(7));
        client.send(Wire.disconnect());

        awaitLines(
                "connected \"pump\" of certificate-1 MQTT_5",
                "disconnected \"pump\" of certificate-1 CLIENT_INITIATED_DISCONNECT SUCCESS PT7S");
    }

    @Test
    void end_by_the_broker_is_logged_with_what_the_client_is_told() throws IOException {
        RawClient older = test.mqtt5().connect("pump");
        RawClient newer = test.mqtt5().connect("pump");

        assertThat(older.next()).startsWith("e0");
        newer.send(Wire.hex("10"));
        newer.send(Wire.publish0(Wire.MQTT_5, "#", "x"));

        await().untilAsserted(() -> assertThat(test.log.lines)
                .contains("disconnected \"pump\" of certificate-1 DUPLICATE_CLIENTID SESSION_TAKEN_OVER PT0S"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 0 | AUTH_ERROR NOT_AUTHORIZED | none",
                "4 | 1 | AUTH_ERROR NOT_AUTHORIZED | none",
                "5 | 0 | AUTH_ERROR NOT_AUTHORIZED | none",
                "5 | 1 | | PUBACK 0x87",
            })
    void refused_publish_is_logged_with_the_statement(int version, int qos, String end, String answer)
            throws IOException {
        test.permissions = explained(Action.PUBLISH, "statement 3 (NoSecrets) denies it");
        RawClient client = test.raw(version).connect("pump");

        client.send(
                qos == 0
                        ? Wire.publish0(version, "secret/a", "p4yload")
                        : Wire.publish1(version, 1, "secret/a", "p4yload"));
        assertThat(client.next()).isNotEmpty();

        await().untilAsserted(() -> assertThat(test.log.lines)
                .hasSize(end == null ? 2 : 3)
                .contains("refused \"pump\" of certificate-1 NOT_AUTHORIZED, " + answer
                        + ", no policy allows the message, PUBLISH secret/a: statement 3 (NoSecrets) denies it"));
        assertThat(test.log.lines).noneMatch(line -> line.contains("p4yload"));
        if (end != null) {
            assertThat(test.log.lines.getLast()).contains(end);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, SUBACK 0x80", "5, SUBACK 0x87"})
    void refused_subscription_is_logged_with_the_statement(int version, String answer) throws IOException {
        test.permissions = explained(Action.SUBSCRIBE, "statement 1 denies it");
        RawClient client = test.raw(version).connect("pump");

        client.send(Wire.subscribe(version, 1, 1, "a/#"));
        assertThat(client.next()).startsWith("90");

        awaitLines(
                "connected \"pump\" of certificate-1 " + (version == Wire.MQTT_5 ? "MQTT_5" : "MQTT_3_1_1"),
                "refused \"pump\" of certificate-1 NOT_AUTHORIZED, " + answer
                        + ", no policy allows the subscription, SUBSCRIBE a/#: statement 1 denies it");
    }

    @Test
    void malformed_topic_filter_is_logged_without_a_statement() throws IOException {
        RawClient client = test.mqtt5().connect("pump");

        client.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "a/#/b"));
        assertThat(client.next()).startsWith("90");

        assertThat(test.log.lines.getLast()).contains("TOPIC_FILTER_INVALID, SUBACK 0x8f", "SUBSCRIBE a/#/b: null");
    }

    @Test
    void will_that_no_policy_allows_refuses_the_connect_and_is_named() throws IOException {
        test.permissions = explained(Action.PUBLISH, "statement 1 denies it");
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "a", 0x06, 60, "", Wire.will(Wire.MQTT_5, "secret/a", "p4yload")));
        assertThat(client.next()).startsWith("20");

        assertThat(test.log.lines)
                .singleElement()
                .asString()
                .contains("CONNACK 0x87", "PUBLISH secret/a: statement 1 denies it")
                .doesNotContain("p4yload");
    }

    @Test
    void what_is_no_connect_is_logged_as_refused() throws IOException {
        RawClient client = test.mqtt3();

        client.send(Wire.ping());
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);

        awaitLines("refused \"\" of certificate-1 " + ReasonCode.PROTOCOL_ERROR
                + ", none, the first packet must be CONNECT");
    }

    @Test
    void certificate_that_nobody_knows_is_logged() throws IOException {
        test.knowsEverybody = false;

        try (RawClient client = test.mqtt5()) {
            assertThat(client).isNotNull();
        } catch (IOException refused) {
            // The client of TLS 1.3 may learn of it in the handshake or later.
        }

        awaitLines(
                "refused \"null\" of nobody NOT_AUTHORIZED, none, no thing has the certificate, or it is not active");
    }

    @Test
    void failed_handshake_is_logged_by_its_kind() throws Exception {
        try (RawClient client = new RawClient(TestBroker.AUTHORITY.client(), test.broker.devicePort(), Wire.MQTT_5)) {
            assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        } catch (IOException refused) {
            // Either way it is not let in.
        }

        awaitLines("refused \"null\" of nobody NOT_AUTHORIZED, none, the TLS handshake failed: SSLHandshakeException");
    }

    @Test
    void socket_that_is_opened_and_closed_leaves_no_line() throws IOException {
        new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), test.broker.devicePort()).close();
        test.mqtt5().connect("pump");

        assertThat(test.log.lines).containsExactly("connected \"pump\" of certificate-1 MQTT_5");
    }

    private static Permissions explained(Action denied, String statement) {
        return new Permissions() {
            @Override
            public boolean allows(Action action, String resource) {
                return action != denied;
            }

            @Override
            public String refusal(Action action, String resource) {
                return statement;
            }
        };
    }
}
