package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectTest {
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws Exception {
        test.close();
    }

    @Test
    void connack_of_mqtt_5_tells_every_limit() throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "a", 0x02, 60, "1100000064"));

        assertThat(client.next())
                .isEqualTo("20200000" + "1d" + "1100000064" + "210064" + "2401" + "2501" + "2700024800" + "220008"
                        + "2801" + "2900" + "2a01" + "13003c");
    }

    @Test
    void connack_of_mqtt_3_has_none() throws IOException {
        RawClient client = test.mqtt3();

        client.send(Wire.connect(Wire.MQTT_3, "a"));

        assertThat(client.next()).isEqualTo("20020000");
    }

    @ParameterizedTest
    @CsvSource({"0, 04b0", "1, 001e", "29, 001e", "30, 001e", "1200, 04b0", "1201, 04b0", "65535, 04b0"})
    void keep_alive_is_brought_between_30_and_1200_seconds(int asked, String told) throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "a", 0x02, asked, ""));

        assertThat(client.next()).endsWith("13" + told);
    }

    @ParameterizedTest
    @CsvSource({"'', 00000000", "1100000e10, 00000e10", "1100000e11, 00000e10", "11ffffffff, 00000e10"})
    void session_expiry_is_one_hour_at_most(String asked, String told) throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "a", 0x02, 60, asked));

        assertThat(client.next()).contains("11" + told + "210064");
    }

    @Test
    void empty_client_id_gets_an_assigned_one() throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, ""));

        String prefix = "12" + "0029" + "2447454e2f"; // $GEN/
        assertThat(client.next()).startsWith("204c0000").contains(prefix);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an id as IoT Core assigns them, 0004 4d515454 05 02 003c 00 0008 2447454e 2f616263, 85",
        "enhanced authentication, 0004 4d515454 05 02 003c 04 15 0001 78 0001 61, 87",
        "a maximum packet size below 512, 0004 4d515454 05 02 003c 05 27 000001ff 0001 61, 80",
        "a will of QoS 2, 0004 4d515454 05 16 003c 00 0001 61 00 0001 74 0001 68, 9b",
        "a will for a topic with a wildcard, 0004 4d515454 05 06 003c 00 0001 61 00 0001 23 0001 68, 90",
        "a will for a reserved topic, 0004 4d515454 05 06 003c 00 0001 61 00 0004 24535953 0001 68, 90",
        "a property twice, 0004 4d515454 05 02 003c 06 210001 210001 0001 61 0000, 82",
        "a client id that is not UTF-8, 0004 4d515454 05 02 003c 00 0001 ff, 81",
    })
    void refused_connect_is_answered_with_its_reason(String what, String connect, String reason) throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.packet(0x10, Wire.hex(connect)));

        assertThat(client.next().substring(4, 8)).isEqualTo("00" + reason);
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        assertThat(test.broker.counters().refused()).isEqualTo(1);
    }

    @Test
    void client_id_of_the_kind_that_the_broker_assigns_is_refused_with_that_reason() throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "$GEN/x"));

        String told = HexFormat.of()
                .formatHex("client ids that begin with $GEN/ are the broker's own".getBytes(StandardCharsets.UTF_8));
        assertThat(client.next()).contains("0085").contains(told);
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void client_id_has_128_bytes_at_most() throws IOException {
        test.mqtt5().connect("ü".repeat(64));
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "ü".repeat(64) + "a"));

        assertThat(client.next().substring(4)).startsWith("0085");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an unknown version, 0004 4d515454 03 02 003c 0001 61, 01",
        "an empty id for a session that stays, 0004 4d515454 04 00 003c 0000, 02",
        "a will for a topic with a wildcard, 0004 4d515454 04 06 003c 0001 61 0001 23 0001 68, 03"
    })
    void refused_connect_of_mqtt_3_is_answered_with_its_return_code(String what, String connect, String code)
            throws IOException {
        RawClient client = test.mqtt3();

        client.send(Wire.packet(0x10, Wire.hex(connect)));

        assertThat(client.next()).isEqualTo("200200" + code);
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void user_name_and_password_are_passed_over() throws IOException {
        RawClient client = test.mqtt5();

        client.send(
                Wire.connect(Wire.MQTT_5, "a", 0xC2, 60, "", Wire.text("?SDK=IoTDeviceSDK/Java"), Wire.text("secret")));

        assertThat(client.next()).startsWith("20");
        client.expectNothing();
    }

    @Test
    void packet_before_connect_closes_the_connection() throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.ping());

        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void packet_before_connack_closes_the_connection() throws IOException {
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "a"), Wire.ping());

        assertThat(client.next()).startsWith("20");
        assertThat(client.next()).isEqualTo("e00182");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void second_connect_closes_the_connection() throws IOException {
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.connect(Wire.MQTT_5, "a"));

        assertThat(client.next()).isEqualTo("e00182");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void forbidden_connect_is_refused() throws IOException {
        test.permissions = (action, resource) -> action != Action.CONNECT || resource.equals("b");
        RawClient mqtt5 = test.mqtt5();
        RawClient mqtt3 = test.mqtt3();

        mqtt5.send(Wire.connect(Wire.MQTT_5, "a"));
        mqtt3.send(Wire.connect(Wire.MQTT_3, "a"));

        assertThat(mqtt5.next().substring(4)).startsWith("0087");
        assertThat(mqtt5.next()).isEqualTo(RawClient.CLOSED);
        assertThat(mqtt3.next()).isEqualTo("20020007");
        assertThat(mqtt3.next()).isEqualTo(RawClient.CLOSED);
        test.mqtt5().connect("b");
    }

    @Test
    void connect_with_a_forbidden_will_is_refused() throws IOException {
        test.permissions = (action, resource) -> action != Action.PUBLISH;
        RawClient client = test.mqtt5();

        client.send(Wire.connect(Wire.MQTT_5, "a", 0x06, 60, "", Wire.will(Wire.MQTT_5, "t", "gone")));

        assertThat(client.next().substring(4)).startsWith("0087");
    }

    @Test
    void second_connection_of_a_client_id_takes_over() throws IOException {
        RawClient first = test.mqtt5().connect("a");
        RawClient firstOfMqtt3 = test.mqtt3().connect("b");

        RawClient second = test.mqtt5().connect("a");
        test.mqtt3().connect("b");

        assertThat(first.next()).isEqualTo("e0018e");
        assertThat(first.next()).isEqualTo(RawClient.CLOSED);
        assertThat(firstOfMqtt3.next()).isEqualTo(RawClient.CLOSED);
        second.expectNothing();
        assertThat(test.broker.counters().connected()).isEqualTo(2);
    }

    @Test
    void silence_of_one_and_a_half_keep_alives_ends_the_connection() throws IOException {
        RawClient client = test.mqtt5().connect("a");
        RawClient other = test.mqtt3().connect("b");
        test.clock.advance(Duration.ofSeconds(89));
        other.expectNothing();
        client.expectNothing();
        test.clock.advance(Duration.ofSeconds(89));
        other.expectNothing();

        test.clock.advance(Duration.ofSeconds(1));

        assertThat(client.next()).isEqualTo("e0018d");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        other.expectNothing();
    }

    @Test
    void stranger_who_says_nothing_is_closed() throws IOException {
        RawClient client = test.mqtt5();
        client.send(Wire.hex("10"));

        test.clock.advance(Duration.ofSeconds(10));

        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({"4, 20020007, CONNACK 7", "5, 2, CONNACK 0x87"})
    void refusal_for_want_of_a_permission_is_logged_with_its_code(int version, String connAck, String logged)
            throws IOException {
        test.permissions = (action, resource) -> action != Action.CONNECT;
        RawClient client = test.raw(version);
        client.send(Wire.connect(version, "pump"));

        assertThat(client.next()).startsWith(connAck);
        assertThat(test.log.lines)
                .singleElement()
                .asString()
                .contains("\"pump\"", "no policy allows it", logged, "CONNECT pump: no statement allows it");
    }
}
