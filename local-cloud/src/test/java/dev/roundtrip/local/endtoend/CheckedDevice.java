package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtConnector;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.check.DeviceCheck;
import dev.roundtrip.local.check.Report;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.check.Takeover;
import dev.roundtrip.local.check.Trial;
import dev.roundtrip.local.check.Verdict;
import dev.roundtrip.local.check.Verdict.Finding;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A device of a test's cloud, and what the check found in it.
 *
 * @param report has a verdict for each rule
 */
record CheckedDevice(Report report) {

    /** Plays all rules; the device has the method {@code echo}. */
    static CheckedDevice of(TestCloud cloud, String name, @Nullable String counter) throws Exception {
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
                new Target(name),
                new Method("echo"),
                JsonText.string("hello"),
                counter == null ? null : new Method(counter),
                Duration.ofSeconds(3));
        DeviceCheck check = new DeviceCheck(
                trial,
                connector,
                LocalCloudSettings.PREFIX,
                new Takeover(SimulatedDevices.login(cloud.cloud(), cloud.thing(name))));
        Report report = check.run(verdict -> {});
        assertThat(report.verdicts()).extracting(Verdict::rule).containsExactly(Rule.values());
        return new CheckedDevice(report);
    }

    /** The rules with this finding. */
    Set<Rule> rules(Finding finding) {
        return report.verdicts().stream()
                .filter(verdict -> verdict.finding() == finding)
                .map(Verdict::rule)
                .collect(Collectors.toSet());
    }

    /** What was seen of a rule. */
    String remark(Rule rule) {
        return report.verdicts().stream()
                .filter(verdict -> verdict.rule() == rule)
                .findFirst()
                .orElseThrow()
                .remark();
    }
}
