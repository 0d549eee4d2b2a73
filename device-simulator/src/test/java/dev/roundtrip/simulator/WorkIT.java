package dev.roundtrip.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.operation.CertificatePort;
import dev.roundtrip.device.operation.IdentityFiles;
import dev.roundtrip.device.transport.ConnectionTrial;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.work.Rotation;
import dev.roundtrip.simulator.work.SimulatedWork;
import dev.roundtrip.simulator.work.SimulatedWork.Commands;
import dev.roundtrip.simulator.work.WorkFault;
import dev.roundtrip.simulator.work.WorkFault.Moment;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** The steps of jobs that the device has done, in order. */
    private final Queue<Integer> ledger = new ConcurrentLinkedQueue<>();

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

    private Device connect(MqttVersion version, WorkFault fault) throws Exception {
        return connect(login(), version, work(fault));
    }

    private SimulatedWork work(WorkFault fault) {
        return new SimulatedWork(directory.resolve("files"), Commands.CARRIED_OUT, fault)
                .heardBy((device, jobId, step) -> ledger.add(step));
    }

    private static Device connect(Login login, MqttVersion version, SimulatedWork work) throws Exception {
        return Device.connect(
                DeviceSettings.of(login).withMqtt(version),
                DeviceCharacter.of(Behaviour.honest()).working(work));
    }

    @ParameterizedTest
    @EnumSource
    void a_job_calls_a_method_and_a_command_does_too(MqttVersion version) throws Exception {
        String document = "{\"operation\":\"invoke\",\"method\":\"add\",\"request\":[1,2]}";
        try (PlayedServices services = new PlayedServices(broker, "lamp", document);
                Device device = connect(version, WorkFault.NONE)) {
            device.awaitReady(LONG);
            await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));
            assertThat(services.details().path("response").asText()).isEqualTo("3");

            services.command("e1", "{\"method\":\"mul\",\"request\":[2,3]}");
            services.command("e1", "{\"method\":\"mul\",\"request\":[2,3]}");
            services.command("e2", "{\"method\":\"fly\"}");

            await().atMost(LONG).until(() -> services.results.size() == 2);
            assertThat(services.results.toString())
                    .contains("\"SUCCEEDED\"", "{\"response\":{\"s\":\"6\"}}", "\"REJECTED\"", "UNKNOWN_METHOD");
            assertThat(device.counters().ran()).isEqualTo(2);
            assertThat(device.counters().refused()).isEqualTo(1);
        }
    }

    /** Each moment, over both transports, when parts of the job that a seed chooses are done. */
    static Stream<Arguments> cuts() {
        Random random = new Random(7);
        return Stream.of(Moment.values())
                .flatMap(moment -> Stream.of(MqttVersion.values())
                        .flatMap(version -> random.ints(2, 0, 101)
                                .mapToObj(percent -> Arguments.of(
                                        version, new WorkFault(WorkFault.Kind.POWER_CUT, percent, moment)))));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void power_cut_loses_no_step_and_repeats_none_that_the_service_knows(MqttVersion version, WorkFault cut)
            throws Exception {
        String document = "{\"operation\":\"work\",\"steps\":4,\"millis\":5}";
        try (PlayedServices services = new PlayedServices(broker, "lamp", document);
                Device device = connect(version, cut)) {
            device.awaitReady(LONG);
            await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));
            await().atMost(LONG).until(() -> broker.connects.size() == 2);

            // What was told last is what was done; each restart that was told explains one step that was done twice.
            List<Integer> done = List.copyOf(ledger);
            assertThat(services.details().path("steps").asText()).isEqualTo("4");
            assertThat(done).isSorted().containsOnly(1, 2, 3, 4);
            assertThat(done.size() - 4)
                    .isLessThanOrEqualTo(services.details().path("restarts").asInt(-1));
            // No step is told before it was done, and none that was told is done or told again.
            List<Integer> told = services.steps.stream().map(Integer::valueOf).toList();
            assertThat(told).isSorted();
            if (cut.moment() == Moment.AFTER) {
                assertThat(done).containsExactly(1, 2, 3, 4);
            }
            if (cut.moment() == Moment.BEFORE && cut.number() > 0) {
                int cutAt = (cut.number() + 24) / 25;
                assertThat(done).hasSize(5).filteredOn(step -> step == cutAt).hasSize(2);
            }
        }
    }

    @Test
    void device_whose_power_is_cut_while_it_is_waited_for_becomes_ready() throws Exception {
        // given
        CountDownLatch isOff = new CountDownLatch(2);
        CountDownLatch goesOn = new CountDownLatch(1);
        Rotation slow = starting(() -> {
            isOff.countDown();
            if (isOff.getCount() == 0) {
                goesOn.await();
            }
        });
        String document = "{\"operation\":\"reset\",\"kind\":\"reboot\"}";
        try (PlayedServices services = new PlayedServices(broker, "lamp", document);
                Device device = connect(
                        login(), MqttVersion.MQTT_5, work(WorkFault.NONE).rotating(slow))) {
            isOff.await();
            CompletableFuture<String> ready = new CompletableFuture<>();
            Thread waits = Thread.ofPlatform().start(() -> {
                try {
                    device.awaitReady(LONG);
                    ready.complete("ready");
                } catch (NotReadyException | InterruptedException failed) {
                    ready.complete(failed.toString());
                }
            });

            // when
            await().atMost(LONG)
                    .until(() -> ready.isDone()
                            || waits.getState() == Thread.State.WAITING
                            || waits.getState() == Thread.State.TIMED_WAITING);
            goesOn.countDown();

            // then
            assertThat(ready.get(30, TimeUnit.SECONDS)).isEqualTo("ready");
            await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));
        }
    }

    /** Identities that nobody renews. */
    private static Rotation starting(ThrowingRunnable starts) {
        return new Rotation() {
            @Override
            public CertificatePort of(Target device, Runnable restart) {
                throw new AssertionError("nobody asks for it");
            }

            @Override
            public void starts(Target device) throws Exception {
                starts.run();
            }
        };
    }

    /** What is done at a start. */
    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    @Test
    void job_that_resets_the_device_succeeds_when_it_is_there_again() throws Exception {
        try (PlayedServices services =
                        new PlayedServices(broker, "lamp", "{\"operation\":\"reset\",\"kind\":\"reboot\"}");
                Device device = connect(MqttVersion.MQTT_5, WorkFault.NONE)) {
            device.awaitReady(LONG);
            await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));

            assertThat(broker.connects).hasSize(2);
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
                Device device = connect(MqttVersion.MQTT_5, WorkFault.of("fail", new Random()))) {
            device.awaitReady(LONG);
            await().atMost(LONG).until(() -> services.status().equals("FAILED"));
            services.command("e1", "{\"method\":\"add\",\"request\":[1]}");
            await().atMost(LONG).until(() -> !services.results.isEmpty());
            assertThat(services.results.toString()).contains("TOLD_TO_FAIL");
            assertThat(device.counters().ran()).isZero();
        }
    }

    @Test
    void power_cut_in_the_exchange_of_certificates_is_mended_as_at_a_real_start() throws Exception {
        TlsFiles old = certificates.device("lamp");
        TlsFiles renewed = certificates.device("renewed");
        Path own = Files.createDirectories(directory.resolve("own"));
        IdentityFiles files = new IdentityFiles(
                Files.copy(old.certificate(), own.resolve("certificate.pem")),
                Files.copy(old.key(), own.resolve("private.key")));
        Rotation rotation = starting(files::recover);
        Login login = new Login(
                new Target("lamp"),
                new Endpoint("127.0.0.1", broker.port()),
                new TlsFiles(old.authority(), files.certificate(), files.key()));
        try (Device device =
                connect(login, MqttVersion.MQTT_5, work(WorkFault.NONE).rotating(rotation))) {
            device.awaitReady(LONG);
            // The power goes when one of the two files is exchanged.
            Files.writeString(own.resolve("certificate.pem.adopting"), "");
            Files.copy(renewed.certificate(), files.newCertificate());
            Files.copy(renewed.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);

            try (PlayedServices services =
                    new PlayedServices(broker, "lamp", "{\"operation\":\"reset\",\"kind\":\"reboot\"}")) {
                services.notifyNext();
                await().atMost(LONG).until(() -> services.status().equals("SUCCEEDED"));
            }

            assertThat(files.certificate()).hasSameTextualContentAs(renewed.certificate());
            assertThat(broker.connects).hasSize(2);
        }
    }
}
