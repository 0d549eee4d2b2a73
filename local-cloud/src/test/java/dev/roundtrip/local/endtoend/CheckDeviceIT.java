package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.CrtMqtt5Transport;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportListener;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtConnector;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.check.DeviceCheck;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.check.Takeover;
import dev.roundtrip.local.check.Trial;
import dev.roundtrip.local.check.Verdict;
import dev.roundtrip.local.check.Verdict.Finding;
import dev.roundtrip.local.commands.LocalCloudCommand;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.RunningLock;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the check finds in devices that keep the contract, and in devices that do not. */
class CheckDeviceIT {
    private static final Target PUMP = new Target("pump");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Map<Rule, Verdict> check(@Nullable String counter) throws Exception {
        Credentials credentials = cloud.cloud().state().credentials();
        CrtConnector connector = new CrtConnector(
                new BrokerAddress(
                        "127.0.0.1",
                        cloud.gatewayPort(),
                        "eu-central-1",
                        cloud.cloud().state().authorityFile()),
                LocalCloudSettings.PREFIX,
                new GatewayCredentials.Fixed(credentials.accessKeyId(), credentials.secretAccessKey(), null),
                Clocks.SYSTEM);
        Trial trial = new Trial(
                PUMP,
                new Method("echo"),
                JsonText.string("hello"),
                counter == null ? null : new Method(counter),
                Duration.ofSeconds(3));
        DeviceCheck check = new DeviceCheck(
                trial,
                connector,
                LocalCloudSettings.PREFIX,
                new Takeover(SimulatedDevices.login(cloud.cloud(), cloud.thing("pump"))));
        Map<Rule, Verdict> verdicts = new EnumMap<>(Rule.class);
        check.run(verdict -> verdicts.put(verdict.rule(), verdict));
        assertThat(verdicts).containsOnlyKeys(Rule.values());
        return verdicts;
    }

    private static Verdict verdict(Map<Rule, Verdict> verdicts, Rule rule) {
        return Objects.requireNonNull(verdicts.get(rule), rule::name);
    }

    private static Finding finding(Map<Rule, Verdict> verdicts, Rule rule) {
        return verdict(verdicts, rule).finding();
    }

    @Test
    void simulated_device_keeps_every_rule() throws Exception {
        cloud.device("pump");

        assertThat(check(null).values()).allMatch(verdict -> verdict.finding() == Finding.KEPT);
    }

    @Test
    void device_of_the_library_keeps_every_rule_and_runs_nothing_once_too_often() throws Exception {
        AtomicInteger count = new AtomicInteger();
        Thing thing = cloud.thing("pump");
        try (RoundtripDevice device = RoundtripDevice.named("pump")
                .at(cloud.cloud().iotEndpoint())
                .identity(
                        thing.files().certificate(),
                        thing.files().privateKey(),
                        cloud.cloud().state().authorityFile())
                .on("echo", (request, call) -> request)
                .on("count", (request, call) -> count.incrementAndGet())
                .connect()) {
            device.awaitReady(Duration.ofSeconds(20));

            assertThat(check("count").values()).allMatch(verdict -> verdict.finding() == Finding.KEPT);
        }
    }

    @Test
    void silent_device_is_asked_nothing_more() throws Exception {
        cloud.device("pump", TestCloud.SILENT);

        Map<Rule, Verdict> verdicts = check(null);

        assertThat(finding(verdicts, Rule.ANSWERS)).isEqualTo(Finding.BROKEN);
        assertThat(verdicts.values())
                .filteredOn(verdict -> verdict.rule() != Rule.ANSWERS)
                .allMatch(verdict -> verdict.finding() == Finding.UNSEEN);
    }

    @Test
    void device_that_answers_twice_breaks_the_first_rule() throws Exception {
        cloud.device("pump", Behaviour.honest().with(Fault.duplicate()));

        assertThat(verdict(check(null), Rule.ANSWERS).remark()).contains("second answer");
    }

    @Test
    void device_that_answers_garbage_breaks_the_first_rule() throws Exception {
        cloud.device("pump", TestCloud.GARBLED);

        assertThat(verdict(check(null), Rule.ANSWERS).remark()).contains("cannot be read");
    }

    @Test
    void device_that_runs_whatever_comes_breaks_what_it_breaks() throws Exception {
        try (ForgetfulDevice device = new ForgetfulDevice(SimulatedDevices.login(cloud.cloud(), cloud.thing("pump")))) {
            device.start();

            Map<Rule, Verdict> verdicts = check("count");

            assertThat(finding(verdicts, Rule.ANSWERS)).isEqualTo(Finding.KEPT);
            assertThat(verdict(verdicts, Rule.REPEATS).remark()).contains("another content");
            assertThat(verdict(verdicts, Rule.DEADLINE).remark()).contains("compare the clocks");
            assertThat(verdict(verdicts, Rule.TOPICS).remark()).contains("was answered");
            assertThat(finding(verdicts, Rule.REFUSALS)).isEqualTo(Finding.BROKEN);
            assertThat(finding(verdicts, Rule.KEYS)).isEqualTo(Finding.BROKEN);
            assertThat(finding(verdicts, Rule.LANES)).isEqualTo(Finding.BROKEN);
            assertThat(finding(verdicts, Rule.BEGUN)).isEqualTo(Finding.BROKEN);
            assertThat(finding(verdicts, Rule.INSTANCE)).isEqualTo(Finding.KEPT);
        }
    }

    @Test
    void command_prints_a_line_for_each_rule_and_ends_with_0_where_the_required_ones_hold() throws Exception {
        cloud.device("pump");
        cloud.cloud().writeEnvironment();

        Printed kept;
        try (RunningLock running = cloud.cloud().state().claim()) {
            kept = run("check-device", "pump", "--state", state.toString(), "--patience", "2");
        }

        assertThat(kept.status()).as(kept.text()).isZero();
        for (Rule rule : Rule.values()) {
            assertThat(kept.text()).contains(" " + rule.word() + " ", rule.sentence());
        }
        assertThat(kept.text()).contains("Of 4 required rules the device keeps all.");
    }

    @Test
    void command_says_what_is_missing() {
        assertThat(run("check-device", "pump", "--state", state.resolve("none").toString())
                        .text())
                .contains("no local cloud runs");
        assertThat(run("check-device", "pump", "--request", "hello", "--state", state.toString())
                        .text())
                .contains("--request '\"hello\"'");
        assertThat(run("check-device", "pump", "--patience", "0").status()).isEqualTo(2);
    }

    private record Printed(int status, String text) {}

    private static Printed run(String... arguments) {
        StringWriter text = new StringWriter();
        CommandLine command = LocalCloudCommand.commandLine();
        command.setOut(new PrintWriter(text));
        command.setErr(new PrintWriter(text));
        int status = command.execute(arguments);
        return new Printed(status, text.toString());
    }

    /** Runs everything that comes, again and again, and remembers nothing but its counter. */
    private static final class ForgetfulDevice implements AutoCloseable {
        private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        private final CrtNetwork network = new CrtNetwork();
        private final CrtMqtt5Transport transport;
        private final AtomicInteger count = new AtomicInteger();
        private final BlockingQueue<Boolean> connections = new LinkedBlockingQueue<>();
        private final Thread thread = Thread.ofVirtual().unstarted(this::serve);
        private final Thread subscriber = Thread.ofVirtual().unstarted(this::subscribe);

        ForgetfulDevice(Login login) throws Exception {
            this.transport = new CrtMqtt5Transport(network, login);
        }

        void start() {
            thread.start();
            subscriber.start();
            transport.start(new TransportListener() {
                @Override
                public void connected() {
                    connections.add(true);
                }

                @Override
                public void connectFailed(String reason) {}

                @Override
                public void disconnected(String reason) {}

                @Override
                public void delivered(Delivery delivery) {
                    deliveries.add(delivery);
                }
            });
        }

        private void subscribe() {
            try {
                while (connections.take()) {
                    transport.subscribe("pump/#", Duration.ofSeconds(5));
                }
            } catch (Exception ended) {
                // The test is over.
            }
        }

        private void serve() {
            try {
                while (true) {
                    answer(deliveries.take());
                }
            } catch (Exception ended) {
                // The test is over.
            }
        }

        private void answer(Delivery delivery) throws Exception {
            String[] levels = delivery.topic().split("/", 4);
            String body = new String(delivery.payload(), StandardCharsets.UTF_8);
            if (levels.length < 4 || !body.startsWith("{\"timestamp\"") || !body.endsWith("}")) {
                return;
            }
            String answer = "{\"id\":\"" + levels[3] + "\",\"response\":" + count.incrementAndGet() + "}";
            transport.publish(
                    new Answer(
                            new Topic(levels[2] + "/" + levels[3] + "/pump/" + levels[1] + "/ack"),
                            answer.getBytes(StandardCharsets.UTF_8),
                            delivery.correlation(),
                            Duration.ofSeconds(10)),
                    Duration.ofSeconds(5));
        }

        @Override
        public void close() {
            thread.interrupt();
            subscriber.interrupt();
            transport.close();
            network.close();
        }
    }
}
