package dev.roundtrip.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.ConnectionEvent;
import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both transports against a broker on real sockets, with TLS and client certificates. */
class DeviceIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TestCertificates certificates;

    @SuppressWarnings("NullAway.Init")
    private ScriptedBroker broker;

    @BeforeEach
    void start_the_broker() throws Exception {
        certificates = new TestCertificates(directory, "authority");
        broker = new ScriptedBroker(certificates);
    }

    @AfterEach
    void stop_the_broker() {
        broker.close();
    }

    private DeviceSettings settings(String name, MqttVersion version) {
        return DeviceSettings.of(login(name, certificates.device(name), broker.port()))
                .withMqtt(version);
    }

    private static Login login(String name, TlsFiles files, int port) {
        return new Login(new Target(name), new Endpoint("127.0.0.1", port), files);
    }

    @ParameterizedTest
    @EnumSource
    void a_device_answers_what_it_is_asked(MqttVersion version) throws Exception {
        try (Device device = Device.connect(settings("lamp", version), Behaviour.honest())) {
            Gateway gateway = new Gateway(broker, "lamp");
            device.awaitReady(SOON);

            Gateway.Call call = gateway.ask("add", "[0.1, 0.2]");

            MqttPublishMessage answer = gateway.nextMessage();
            assertThat(answer.variableHeader().topicName())
                    .isEqualTo(call.route().answerTopic().toString());
            assertThat(answer.payload().toString(StandardCharsets.UTF_8))
                    .isEqualTo("{\"id\":\"" + call.route().id() + "\",\"response\":0.3}");
            assertThat(answer.fixedHeader().qosLevel().value()).isEqualTo(1);
            assertThat(answer.fixedHeader().isRetain()).isFalse();
            assertThat(broker.subscriptions).containsExactly("lamp lamp/# AT_LEAST_ONCE");
            await().untilAsserted(
                            () -> assertThat(device.counters()).isEqualTo(new DeviceCounters(1, 1, 1, 0, 0, 0, 0)));
        }
        await().untilAsserted(() -> assertThat(broker.disconnects).containsExactly("lamp"));
    }

    @ParameterizedTest
    @EnumSource
    void a_device_answers_a_gateway_of_the_aws_sample(MqttVersion version) throws Exception {
        try (Device device = Device.connect(settings("lamp", version), Behaviour.honest())) {
            device.awaitReady(SOON);
            String id = UUID.randomUUID().toString();

            broker.send(
                    "lamp",
                    "lamp/greet/sample/" + id,
                    ("{\"timestamp\": \"" + System.currentTimeMillis() + "\", \"request\": \"my_request_1\", \"id\": \""
                                    + id + "\"}")
                            .getBytes(StandardCharsets.UTF_8),
                    MqttProperties.NO_PROPERTIES);

            MqttPublishMessage answer = new Gateway(broker, "lamp").nextMessage();
            assertThat(answer.variableHeader().topicName()).isEqualTo("sample/" + id + "/lamp/greet/ack");
            assertThat(answer.payload().toString(StandardCharsets.UTF_8))
                    .startsWith("{\"id\":\"" + id + "\",\"response\":\"Your request was 'my_request_1'. ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_device_answers_to_the_instance_of_a_gateway(MqttVersion version) throws Exception {
        try (Device device = Device.connect(settings("lamp", version), Behaviour.honest())) {
            device.awaitReady(SOON);
            String id = ".abcdefgh2/" + UUID.randomUUID();

            broker.send(
                    "lamp",
                    "lamp/echo/gw/" + id,
                    ("{\"timestamp\":\"0\",\"request\":\"hi\",\"id\":\"" + id + "\",\"deadline\":"
                                    + (System.currentTimeMillis() + 10_000) + "}")
                            .getBytes(StandardCharsets.UTF_8),
                    MqttProperties.NO_PROPERTIES);

            MqttPublishMessage answer = new Gateway(broker, "lamp").nextMessage();
            assertThat(answer.variableHeader().topicName()).isEqualTo("gw/" + id + "/lamp/echo/ack");
            assertThat(answer.payload().toString(StandardCharsets.UTF_8))
                    .isEqualTo("{\"id\":\"" + id + "\",\"response\":\"hi\"}");
        }
    }

    @Test
    void a_device_on_mqtt_5_heeds_the_expiry_of_a_message_without_deadline() throws Exception {
        BlockingQueue<CommandEvent> events = new LinkedBlockingQueue<>();
        try (Device device = Device.connect(settings("lamp", MqttVersion.MQTT_5), Behaviour.honest(), events::add)) {
            device.awaitReady(SOON);
            String id = UUID.randomUUID().toString();
            MqttProperties properties = new MqttProperties();
            properties.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 7));

            broker.send(
                    "lamp",
                    "lamp/echo/sample/" + id,
                    ("{\"timestamp\": \"1\", \"request\": 1, \"id\": \"" + id + "\"}").getBytes(StandardCharsets.UTF_8),
                    properties);

            assertThat(events.poll(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            CommandEvent.Received.class,
                            received -> assertThat(received.command().deadline())
                                    .isEqualTo(received.command().arrival().plusSeconds(7)));
        }
    }

    @Test
    void an_answer_on_mqtt_5_echoes_correlation_data_and_expires() throws Exception {
        try (Device device = Device.connect(settings("lamp", MqttVersion.MQTT_5), Behaviour.honest())) {
            Gateway gateway = new Gateway(broker, "lamp");
            device.awaitReady(SOON);

            gateway.ask("echo", "{}");

            MqttProperties properties = gateway.nextMessage().variableHeader().properties();
            assertThat(value(properties, MqttProperties.CORRELATION_DATA)).isEqualTo(new byte[] {1, 2, 3});
            assertThat(value(properties, MqttProperties.CONTENT_TYPE)).isEqualTo("application/json");
            assertThat((Integer) value(properties, MqttProperties.PUBLICATION_EXPIRY_INTERVAL))
                    .isBetween(1, 10);
        }
    }

    private static Object value(MqttProperties properties, int type) {
        return properties.getProperty(type).value();
    }

    @ParameterizedTest
    @EnumSource
    void a_device_comes_back_after_a_lost_connection(MqttVersion version) throws Exception {
        List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
        DeviceCharacter character = DeviceCharacter.of(Behaviour.honest()).watchedBy(events::add);
        try (Device device = Device.connect(settings("lamp", version), character)) {
            device.awaitReady(SOON);

            broker.cut("lamp");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(events)
                            .extracting(Object::getClass)
                            .asInstanceOf(InstanceOfAssertFactories.LIST)
                            .containsExactly(
                                    ConnectionEvent.Ready.class,
                                    ConnectionEvent.Lost.class,
                                    ConnectionEvent.Ready.class));
            Gateway gateway = new Gateway(broker, "lamp");
            gateway.ask("echo", "1");
            assertThat(gateway.nextAnswer()).isInstanceOf(AnswerMessage.Answered.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_cut_off_on_its_way_is_sent_again(MqttVersion version) throws Exception {
        List<CommandEvent> events = new CopyOnWriteArrayList<>();
        try (Device device = Device.connect(settings("lamp", version), Behaviour.honest(), events::add)) {
            Gateway gateway = new Gateway(broker, "lamp");
            device.awaitReady(SOON);
            broker.cutsInsteadOfPuback = true;

            gateway.ask("echo", "1");

            assertThat(gateway.nextAnswer()).isInstanceOf(AnswerMessage.Answered.class);
            assertThat(events.stream().filter(CommandEvent.Ran.class::isInstance))
                    .hasSize(1);
        }
    }

    @Test
    void a_refused_answer_is_told_to_the_ledger() throws Exception {
        List<CommandEvent> events = new CopyOnWriteArrayList<>();
        broker.refusesAnswers = true;
        try (Device device = Device.connect(settings("lamp", MqttVersion.MQTT_5), Behaviour.honest(), events::add)) {
            device.awaitReady(SOON);

            new Gateway(broker, "lamp").ask("echo", "1");

            await().untilAsserted(() -> assertThat(events)
                    .anySatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    CommandEvent.Unanswered.class,
                                    unanswered ->
                                            assertThat(unanswered.reason()).contains("iot:Publish"))));
        }
    }

    @Test
    void faults_show_on_the_wire() throws Exception {
        Behaviour behaviour = Behaviour.honest().with(Fault.duplicate());
        try (Device device = Device.connect(settings("lamp", MqttVersion.MQTT_5), behaviour)) {
            Gateway gateway = new Gateway(broker, "lamp");
            device.awaitReady(SOON);

            gateway.ask("echo", "1");

            byte[] first = ByteBufUtil.getBytes(gateway.nextMessage().payload());
            byte[] second = ByteBufUtil.getBytes(gateway.nextMessage().payload());
            assertThat(second).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_subscription_says_which_permission_is_missing(MqttVersion version) throws Exception {
        broker.refusesSubscriptions = true;
        try (Device device = Device.connect(settings("lamp", version), Behaviour.honest())) {
            assertThatThrownBy(() -> device.awaitReady(SOON))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("lamp/#")
                    .hasMessageContaining("iot:Subscribe");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_connection_says_what_to_check(MqttVersion version) throws Exception {
        broker.connectReply = version == MqttVersion.MQTT_5
                ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
                : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED;
        try (Device device = Device.connect(settings("lamp", version), Behaviour.honest())) {
            assertThatThrownBy(() -> device.awaitReady(SOON))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("iot:Connect");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobody_at_the_port_says_so(MqttVersion version) throws Exception {
        int port = broker.port();
        broker.close();
        DeviceSettings settings = DeviceSettings.of(login("lamp", certificates.device("lamp"), port))
                .withMqtt(version);
        try (Device device = Device.connect(settings, Behaviour.honest())) {
            assertThatThrownBy(() -> device.awaitReady(SOON))
                    .hasMessageContaining("nobody listens at 127.0.0.1:" + port);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_certificate_of_a_foreign_authority_is_refused(MqttVersion version) throws Exception {
        TestCertificates foreign = new TestCertificates(directory.resolve("foreign"), "foreign");
        TlsFiles own = foreign.device("lamp");
        TlsFiles files = new TlsFiles(certificates.authority(), own.certificate(), own.key());
        DeviceSettings settings =
                DeviceSettings.of(login("lamp", files, broker.port())).withMqtt(version);
        try (Device device = Device.connect(settings, Behaviour.honest())) {
            assertThatThrownBy(() -> device.awaitReady(SOON))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("certificate");
            assertThat(broker.connects).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_untrusted_broker_is_refused(MqttVersion version) throws Exception {
        TestCertificates foreign = new TestCertificates(directory.resolve("foreign"), "foreign");
        DeviceSettings settings = DeviceSettings.of(login("lamp", foreign.device("lamp"), broker.port()))
                .withMqtt(version);
        try (Device device = Device.connect(settings, Behaviour.honest())) {
            // The runtime itself would tell after half a minute: it makes liars wait.
            assertThatThrownBy(() -> device.awaitReady(Duration.ofSeconds(2))).hasMessageContaining("CA file");
            assertThat(broker.connects).isEmpty();
        }
    }

    @Test
    void a_missing_file_is_named() {
        TlsFiles good = certificates.device("lamp");
        TlsFiles files = new TlsFiles(good.authority(), good.certificate(), directory.resolve("nothing.key"));
        assertThatThrownBy(() ->
                        Device.connect(DeviceSettings.of(login("lamp", files, broker.port())), Behaviour.honest()))
                .isInstanceOf(NotReadyException.class)
                .hasMessageContaining("nothing.key");
    }

    @Test
    void a_key_that_is_not_the_certificates_is_told() {
        TlsFiles good = certificates.device("lamp");
        TlsFiles files = new TlsFiles(
                good.authority(),
                good.certificate(),
                certificates.device("other").key());
        assertThatThrownBy(() -> {
                    try (Device device = Device.connect(
                            DeviceSettings.of(login("lamp", files, broker.port())), Behaviour.honest())) {
                        device.awaitReady(SOON);
                    }
                })
                .isInstanceOf(NotReadyException.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_fleet_shares_a_process_and_each_device_answers_for_itself(MqttVersion version) throws Exception {
        List<DeviceSettings> settings = IntStream.rangeClosed(1, 60)
                .mapToObj(
                        number -> DeviceSettings.of(login("lamp-" + number, certificates.device("lamp"), broker.port()))
                                .withMqtt(version))
                .toList();
        try (Fleet fleet = Fleet.connect(settings, DeviceCharacter.of(Behaviour.honest()), SOON)) {
            for (Device device : fleet.devices()) {
                Gateway gateway = new Gateway(broker, device.name().toString());
                Gateway.Call call = gateway.ask("echo", "\"" + device.name() + "\"");
                assertThat(gateway.nextAnswer())
                        .isEqualTo(new AnswerMessage.Answered(
                                call.route().id().toString(),
                                JsonText.string(device.name().toString())));
            }
            await().untilAsserted(() -> assertThat(fleet.counters().answered()).isEqualTo(60));
        }
        await().untilAsserted(() -> assertThat(broker.disconnects).hasSize(60));
    }
}
