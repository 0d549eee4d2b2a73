package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.caller.CallerProcess;
import dev.roundtrip.benchmarks.load.OpenLoop;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.load.Schedule;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.Shadows;
import dev.roundtrip.benchmarks.subject.ShadowsOverMqtt;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.StartException;
import dev.roundtrip.local.iot.registry.ThingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Many devices with a shadow each, connected from a process of their own. */
final class ManyDevices {
    private static final double MAX_RISE = 1.3;
    private static final String POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
            + "\"Action\":[\"iot:Connect\",\"iot:Subscribe\",\"iot:Receive\"],\"Resource\":\"*\"}]}";

    private final ShadowPlan plan;
    private final Consumer<String> progress;
    private final Stage stage;
    private final CallerProcess process;
    private final List<Table.Row> connects = new ArrayList<>();
    private final List<Table.Row> costs = new ArrayList<>();
    private final List<Double> micros = new ArrayList<>();
    private long errors;

    private ManyDevices(ShadowPlan plan, Consumer<String> progress, Stage stage, CallerProcess process) {
        this.plan = plan;
        this.progress = progress;
        this.stage = stage;
        this.process = process;
    }

    static List<Outcome> measure(ShadowPlan plan, Consumer<String> progress) throws IOException, InterruptedException {
        try (Stage stage = new Stage(List.of());
                CallerProcess process = new CallerProcess()) {
            return new ManyDevices(plan, progress, stage, process).measure();
        }
    }

    private List<Outcome> measure() throws IOException, InterruptedException {
        process.prepareDevices(stage.cloud(), Shadows.THINGS, identity(stage.cloud()));
        level(plan.few(), true);
        level(plan.many(), false);
        progress.accept("having " + plan.many() + " devices leave and come back");
        row(plan.many() + " devices, come back", plan.many(), process.reconnectDevices(), Double.NaN);
        double rise = micros.getLast() / micros.getFirst();
        return List.of(
                new Outcome(
                        Section.of(
                                "devices-connect",
                                "Devices that connect",
                                "Devices with mutual TLS in a process of their own, all with the same certificate, each"
                                        + " with a subscription to the delta of its own shadow; 64 handshakes at a"
                                        + " time. Memory is what is resident of this process, the cloud and what"
                                        + " measures, beyond what was before.",
                                new Table(
                                        List.of(
                                                new Table.Column("devices", 0),
                                                new Table.Column("seconds", 1),
                                                new Table.Column("per second", 0),
                                                new Table.Column("KB for each", 1)),
                                        connects)),
                        List.of()),
                new Outcome(
                        Section.of(
                                "shadow-cost",
                                "Cost of an update by devices and shadows",
                                plan.updatesPerSecond() + " updates a second over MQTT, evenly over the shadows of all"
                                        + " devices that are connected; each device gets the delta of its own. CPU is"
                                        + " that of this process.",
                                new Table(
                                        List.of(
                                                new Table.Column("CPU µs", 0),
                                                new Table.Column("÷ first", 2),
                                                new Table.Column("p50 ms", 2),
                                                new Table.Column("p99 ms", 2),
                                                new Table.Column("deltas heard", 0),
                                                new Table.Column("updates", 0),
                                                new Table.Column("errors", 0)),
                                        costs)),
                        List.of(
                                Target.atMost("cost of an update, " + plan.many() + " ÷ " + plan.few(), MAX_RISE, rise),
                                Target.atMost("cost of an update, errors", 0, (double) errors))));
    }

    private void level(int devices, boolean warmUp) throws IOException, InterruptedException {
        progress.accept("connecting " + devices + " devices");
        int before = connects.isEmpty() ? 0 : plan.few();
        double memory = Memory.residentMegabytes(ProcessHandle.current());
        Duration took = process.connectDevices(devices);
        double more = Memory.residentMegabytes(ProcessHandle.current()) - memory;
        row(devices + " devices", devices - before, took, more * 1024 / (devices - before));
        progress.accept("updating " + devices + " shadows");
        try (ShadowsOverMqtt updates = new ShadowsOverMqtt(stage.cloud(), new Shadows(devices))) {
            // Each shadow once, and the compilers have their time.
            Duration first = Duration.ofNanos((long) (1e9 * devices / plan.updatesPerSecond()));
            Duration warm = warmUp ? plan.plan().warmUp() : first;
            Sample warmed = OpenLoop.run(
                    updates, devices, new Schedule(plan.updatesPerSecond(), warm.compareTo(first) > 0 ? warm : first));
            errors += warmed.errors();
            long heard = process.messages();
            Sample sample = OpenLoop.run(
                    updates,
                    devices,
                    new Schedule(
                            plan.updatesPerSecond(),
                            plan.plan().turn().multipliedBy(plan.plan().rounds())));
            micros.add(sample.cpuMicros());
            errors += sample.errors();
            costs.add(Table.Row.of(
                    devices + " devices and shadows",
                    sample.cpuMicros(),
                    sample.cpuMicros() / micros.getFirst(),
                    sample.millis(50),
                    sample.millis(99),
                    process.messages() - heard,
                    sample.count(),
                    sample.errors()));
        }
    }

    private void row(String label, int devices, Duration took, double kilobytes) {
        double seconds = took.toNanos() / 1e9;
        connects.add(Table.Row.of(label, devices, seconds, devices / seconds, kilobytes));
    }

    /** One certificate that may connect as anybody. */
    private static ThingFiles identity(LocalCloud cloud) throws IOException {
        try {
            ThingFiles files =
                    cloud.provision(new dev.roundtrip.protocol.Target("crowd")).files();
            Files.writeString(files.policy(), POLICY);
            cloud.readStateAgain();
            return files;
        } catch (StartException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }
}
