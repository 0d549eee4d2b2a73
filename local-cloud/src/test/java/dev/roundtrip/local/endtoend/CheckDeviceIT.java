package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.check.Verdict.Finding;
import dev.roundtrip.local.commands.LocalCloudCommand;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.RunningLock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the check finds in devices that keep the contract, and in devices that do not. */
class CheckDeviceIT {

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

    private CheckedDevice check(@Nullable String counter) throws Exception {
        return CheckedDevice.of(cloud, "pump", counter);
    }

    @Test
    void simulated_device_keeps_every_rule() throws Exception {
        cloud.device("pump");

        assertThat(check(null).rules(Finding.KEPT)).containsExactlyInAnyOrder(Rule.values());
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

            assertThat(check("count").rules(Finding.KEPT)).containsExactlyInAnyOrder(Rule.values());
        }
    }

    @Test
    void silent_device_is_asked_nothing_more() throws Exception {
        cloud.device("pump", TestCloud.SILENT);

        CheckedDevice checked = check(null);

        assertThat(checked.rules(Finding.BROKEN)).containsExactly(Rule.ANSWERS);
        assertThat(checked.rules(Finding.KEPT)).isEmpty();
    }

    @Test
    void device_that_answers_garbage_breaks_the_first_rule() throws Exception {
        cloud.device("pump", TestCloud.GARBLED);

        assertThat(check(null).remark(Rule.ANSWERS)).contains("cannot be read");
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

    /** The exit code of each rule follows from its level, see {@link RudeDeviceIT}. */
    @ParameterizedTest
    @CsvSource({"DEADLINE, 1", "INSTANCE, 0"})
    void command_ends_with_1_where_a_required_rule_is_broken_and_not_for_a_recommended_one(Rule rule, int status)
            throws Exception {
        cloud.cloud().writeEnvironment();
        Printed printed;
        try (RunningLock running = cloud.cloud().state().claim();
                RudeDevice device = RudeDevice.connect(
                        SimulatedDevices.login(cloud.cloud(), cloud.thing("pump")), Rudenesses.breaking(rule))) {
            printed = run("check-device", "pump", "--state", state.toString(), "--patience", "2", "--counter", "count");
        }

        assertThat(printed.status()).as(printed.text()).isEqualTo(status);
        assertThat(printed.text().lines().filter(line -> line.startsWith("BROKEN")))
                .singleElement()
                .asString()
                .contains(" " + rule.word() + " ", rule.sentence(), rule.place());
        assertThat(printed.text()).contains("; not: " + rule.word() + ".");
    }

    @Test
    void command_checks_nothing_while_the_device_is_away() throws Exception {
        cloud.cloud().writeEnvironment();
        var unused = cloud.thing("pump");

        Printed printed;
        try (RunningLock running = cloud.cloud().state().claim()) {
            printed = run("check-device", "pump", "--state", state.toString(), "--patience", "1");
        }

        assertThat(printed.status()).isEqualTo(1);
        assertThat(printed.text())
                .contains("pump is not connected", "bin/local-cloud list")
                .doesNotContain("BROKEN", "rules");
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
}
