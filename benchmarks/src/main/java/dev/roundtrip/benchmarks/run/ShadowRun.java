package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Target;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.BareMqtt;
import dev.roundtrip.benchmarks.subject.Shadows;
import dev.roundtrip.benchmarks.subject.ShadowsOverHttp;
import dev.roundtrip.benchmarks.subject.ShadowsOverMqtt;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import dev.roundtrip.local.app.LocalCloudSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Updates of shadows beside bare MQTT round trips, and what many devices with many shadows cost. */
public final class ShadowRun {
    private static final SignedCalls.Command ECHO = new SignedCalls.Command("echo", List.of("device-0"));

    /** Fewer than the broker takes from one connection at once, which is 100. */
    private static final int MAX_IN_FLIGHT = 64;

    private final ShadowPlan plan;
    private final Consumer<String> progress;
    private final List<Section> sections = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();

    private ShadowRun(ShadowPlan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures.
     *
     * @param progress told what happens, one line each
     * @throws IOException when something does not start or connect
     * @throws InterruptedException when interrupted; everything is stopped then
     * @throws IllegalStateException when a question was never answered
     */
    public static Report measure(ShadowPlan plan, Consumer<String> progress) throws IOException, InterruptedException {
        ShadowRun run = new ShadowRun(plan, progress);
        Instant begun = Instant.now();
        Map<String, String> conditions = Conditions.of(plan.plan());
        run.updates();
        run.add(StoreSpeed.measure(plan, progress));
        run.add(ManyDevices.measure(plan, progress));
        return new Report(begun, conditions, run.targets, run.sections);
    }

    private void add(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            sections.add(outcome.section());
            targets.addAll(outcome.targets());
        }
    }

    private void updates() throws IOException, InterruptedException {
        int most = Math.min(Collections.max(plan.plan().clients()), MAX_IN_FLIGHT);
        progress.accept("starting a cloud that keeps rows in a file, and one that keeps them in memory");
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            Stage durable = opened(open, new Stage(ECHO.targets()));
            Stage ephemeral = opened(
                    open,
                    new Stage(ECHO.targets(), settings -> settings.withStorage(LocalCloudSettings.Storage.EPHEMERAL)));
            SideBySide ways = new SideBySide(
                    List.of(
                            new SideBySide.Way(
                                    "bare MQTT round trip", opened(open, new BareMqtt(durable.cloud(), ECHO, most))),
                            new SideBySide.Way(
                                    "update over MQTT, in a file",
                                    opened(open, new ShadowsOverMqtt(durable.cloud(), new Shadows(most)))),
                            new SideBySide.Way(
                                    "update over MQTT, in memory",
                                    opened(open, new ShadowsOverMqtt(ephemeral.cloud(), new Shadows(most)))),
                            new SideBySide.Way(
                                    "update over HTTP, in a file",
                                    opened(open, new ShadowsOverHttp(durable.cloud(), new Shadows(most)))),
                            new SideBySide.Way(
                                    "update over HTTP, in memory",
                                    opened(open, new ShadowsOverHttp(ephemeral.cloud(), new Shadows(most))))),
                    plan.plan());
            progress.accept("warming up");
            ways.warmUp(most);
            for (int clients : new TreeSet<>(List.of(1, most))) {
                progress.accept("measuring updates, " + clients + " at once");
                updates(ways, clients);
            }
        } finally {
            for (AutoCloseable one : open) {
                close(one);
            }
        }
    }

    private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> open, T one) {
        open.push(one);
        return one;
    }

    private static void close(AutoCloseable one) throws IOException, InterruptedException {
        try {
            one.close();
        } catch (IOException | InterruptedException | RuntimeException known) {
            throw known;
        } catch (Exception other) {
            throw new IOException(other);
        }
    }

    private void updates(SideBySide ways, int clients) throws InterruptedException {
        List<Sample> samples = ways.measure(clients);
        sections.add(Section.of(
                "shadow-updates-" + clients,
                "Updates of shadows, " + (clients == 1 ? "one" : clients) + " at once",
                "Each client updates a shadow of its own again as soon as the update is accepted. Rows take turns of "
                        + plan.plan().turn().toMillis() + " ms, " + plan.plan().rounds()
                        + " of each. Over MQTT from the publish until update/accepted, on one connection; over HTTP"
                        + " signed anew each time. Nobody else listens.",
                ways.table(samples, "bare MQTT")));
        targets.add(Target.atMost("updates, " + clients + " at once, errors", 0, SideBySide.errors(samples)));
    }
}
