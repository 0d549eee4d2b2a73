package dev.roundtrip.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.transport.ConnectionTrial;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.work.SimulatedWork;
import dev.roundtrip.simulator.work.SimulatedWork.Commands;
import dev.roundtrip.simulator.work.WorkFault;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs and commands over both transports, against a broker on real sockets that plays the services. */
class WorkIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestCertificates certificates;

    @SuppressWarnings("NullAway.Init") // set before each test
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

    private Login login() {
        return new Login(new Target("lamp"), new Endpoint("127.0.0.1", broker.port()), certificates.device("lamp"));
    }

    private Device connect(MqttVersion version, String fault) throws Exception {
        WorkFault has = fault.isEmpty() ? WorkFault.NONE : WorkFault.of(fault);
        Device device = Device.connect(
                DeviceSettings.of(login()).withMqtt(version),
                DeviceCharacter.of(Behaviour.honest())
                        .working(new SimulatedWork(directory.resolve("files"), Commands.CARRIED_OUT, has)));
        device.awaitReady(LONG);
        return device;
    }

    @ParameterizedTest
    @EnumSource
    void a_job_calls_a_method_and_a_command_does_too(MqttVersion version) throws Exception {
        String document = "{\"operation\":\"invoke\",\"method\":\"add\",\"request\":[1,2]}";
        try (PlayedServices services = new PlayedServices(broker, "lamp", document);
                Device device = connect(version, "")) {
            await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));
            assertThat(services.details().path("response").asText()).isEqualTo("3");

            services.command("e1", "{\"method\":\"mul\",\"request\":[2,3]}");
            services.command("e1", "{\"method\":\"mul\",\"request\":[2,3]}");
            services.command("e2", "{\"method\":\"fly\"}");

            await().atMost(LONG).until(() -> services.results.size() == 2);
            assertThat(services.results.toString())
                    .contains("\"SUCCEEDED\"", "{\"response\":{\"s\":\"6\"}}", "\"REJECTED\"", "UNKNOWN_METHOD");
            assertThat(device.counters().toString()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void power_cut_in_the_middle_repeats_no_step(MqttVersion version) throws Exception {
        String document = "{\"operation\":\"work\",\"steps\":4,\"millis\":1}";
        try (PlayedServices services = new PlayedServices(broker, "lamp", document);
                Device device = connect(version, "power-cut=50")) {
            await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));

            assertThat(services.details().path("steps").asText()).isEqualTo("4");
            assertThat(services.steps).containsExactly("1", "2", "3", "4");
            assertThat(broker.connects).hasSize(2);
            assertThat(device.name()).isEqualTo(new Target("lamp"));
        }
    }

    @Test
    void job_that_resets_the_device_succeeds_when_it_is_there_again() throws Exception {
        try (PlayedServices services =
                        new PlayedServices(broker, "lamp", "{\"operation\":\"reset\",\"kind\":\"reboot\"}");
                Device device = connect(MqttVersion.MQTT_5, "")) {
            await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));

            assertThat(broker.connects).hasSize(2);
            assertThat(device.name()).isEqualTo(new Target("lamp"));
        }
    }

    @Test
    void certificate_is_tried_by_a_connection_of_its_own() throws Exception {
        assertThat(ConnectionTrial.works(login(), List.of(), LONG)).isTrue();

        broker.connectReply = MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5;
        assertThat(ConnectionTrial.works(login(), List.of(), LONG)).isFalse();
    }

    @Test
    void faults_of_jobs_show_at_the_service() throws Exception {
        String document = "{\"operation\":\"echo\",\"args\":[\"hi\"]}";
        try (PlayedServices services = new PlayedServices(broker, "lamp", document);
                Device device = connect(MqttVersion.MQTT_5, "fail")) {
            await().atMost(LONG).until(() -> services.status().equals("FAILED"));
            services.command("e1", "{\"method\":\"add\",\"request\":[1]}");
            await().atMost(LONG).until(() -> !services.results.isEmpty());
            assertThat(services.results.toString()).contains("TOLD_TO_FAIL");
            assertThat(device.name()).isEqualTo(new Target("lamp"));
        }
    }
}
