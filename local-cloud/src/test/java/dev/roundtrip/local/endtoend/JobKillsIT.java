package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.endtoend.WorkJudge.Seen;
import dev.roundtrip.local.endtoend.WorkLine.Kind;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cloud and the devices are killed in the middle of jobs and commands, each a process of its own, and started again.
 * At the end {@link WorkJudge} holds what the devices did against what the cloud has of it.
 *
 * <p>The seed decides what is asked for, who is killed, and after how many acknowledgements and lines of the ledger the
 * kill comes. In which order they come, the machine decides.
 */
class JobKillsIT {
    private static final int KILLS = Integer.getInteger("jobs.kills", 30);
    private static final long SEED = Long.getLong("jobs.seed", System.nanoTime());
    /** A minute of a job's timer takes two seconds. */
    private static final int CLOCK_RATE = 30;

    private static final int JOBS = 5;
    private static final int COMMANDS = 6;
    /** After how much that was heard of at most the next kill comes. */
    private static final int MOST_HEARD = 60;

    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
            """;

    private enum Victim {
        CLOUD,
        DEVICE,
        BOTH
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final Random random = new Random(SEED);
    private final Map<WorkLine.Key, Seen> seen = new LinkedHashMap<>();
    private volatile CountDownLatch heard = new CountDownLatch(0);

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void no_execution_is_lost_or_stuck_or_runs_twice_in_silence() throws Exception {
        System.out.println("JobKillsIT: -Djobs.seed=" + SEED + " -Djobs.kills=" + KILLS);
        Path path = directory.resolve("state");
        StateDirectory state = StateDirectory.open(path);
        Thing observer = thing(state, "observer");
        List<String> things = List.of("pump", "lamp", "valve");
        List<Path> directories = new ArrayList<>();
        for (String name : things) {
            directories.add(thing(state, name).files().directory());
        }
        int port = FreePort.any();
        Path ledger = directory.resolve("ledger");
        List<String> command = CloudProcess.command(path, port, CLOCK_RATE);
        CloudProcess cloud = CloudProcess.start(command);
        try (Front front = new Front(state, observer);
                ExecutorService threads = Executors.newCachedThreadPool();
                DeviceProcess device = new DeviceProcess(
                        boot -> WorkingDevice.command(boot, port, ledger, state.authorityFile(), directories),
                        () -> heard.countDown())) {
            front.connect(cloud);
            device.start();
            WorkMaker jobs = new WorkMaker(front, Kind.JOB, things, new Random(SEED + 1), () -> heard.countDown());
            WorkMaker commands =
                    new WorkMaker(front, Kind.COMMAND, things, new Random(SEED + 2), () -> heard.countDown());
            List<WorkMaker> makers = List.of(jobs, commands);
            commands.prepare();
            for (int kill = 0; kill < KILLS; kill++) {
                Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
                heard = new CountDownLatch(1 + random.nextInt(MOST_HEARD));
                List<Future<?>> making =
                        List.of(threads.submit(() -> jobs.make(JOBS)), threads.submit(() -> commands.make(COMMANDS)));
                boolean unused = heard.await(2, TimeUnit.SECONDS);
                if (victim != Victim.CLOUD) {
                    device.kill();
                }
                if (victim != Victim.DEVICE) {
                    cloud.kill();
                }
                for (Future<?> each : making) {
                    each.get(1, TimeUnit.MINUTES);
                }
                if (victim != Victim.CLOUD) {
                    device.start();
                }
                if (victim != Victim.DEVICE) {
                    cloud = CloudProcess.start(command);
                    front.connect(cloud);
                    makers.forEach(WorkMaker::settle);
                }
                makers.forEach(maker -> look(maker, front, ledger));
            }
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> {
                        makers.forEach(maker -> look(maker, front, ledger));
                        assertThat(judged(makers, ledger, device.boot())).isEmpty();
                    });
            // What was over long ago is still as it was.
            WorkRecords records = new WorkRecords(front);
            makers.forEach(maker -> {
                for (int index = 0; index < maker.works().size(); index++) {
                    maker.replace(index, records.read(maker.works().get(index)));
                }
            });
            assertThat(judged(makers, ledger, device.boot())).isEmpty();
            System.out.println("JobKillsIT: " + summary(makers) + " in " + device.boot() + " processes of the device");
        } finally {
            cloud.close();
        }
    }

    private static Thing thing(StateDirectory state, String name) throws Exception {
        Thing thing = state.provision(new Target(name), LocalCloudSettings.PREFIX);
        Files.writeString(thing.files().policy(), POLICY);
        return thing;
    }

    /** Asks what became of works that were not over. What is over must stay so. */
    private void look(WorkMaker maker, Front front, Path ledger) {
        WorkRecords records = new WorkRecords(front);
        List<Work> read = new ArrayList<>();
        for (int index = 0; index < maker.works().size(); index++) {
            Work work = maker.works().get(index);
            boolean mayChange = work.kind() == Kind.COMMAND
                    && work.executions().stream()
                            .anyMatch(record -> record.status().equals("TIMED_OUT"));
            if (!work.isOver() || mayChange) {
                Work now = records.read(work);
                maker.replace(index, now);
                read.add(now);
            }
        }
        int lines = lines(ledger).size();
        read.forEach(work -> remember(work, lines));
    }

    private void remember(Work work, int lines) {
        for (int number = 1; number <= work.executions().size(); number++) {
            Work.Record record = work.executions().get(number - 1);
            if (record.isOver() && !seen.containsKey(work.key(number))) {
                seen.put(work.key(number), new Seen(work.key(number), record.status(), lines));
            }
        }
    }

    private List<String> judged(List<WorkMaker> makers, Path ledger, int boot) {
        List<Work> all =
                makers.stream().flatMap(maker -> maker.works().stream()).toList();
        return new WorkJudge(lines(ledger)).judge(all, List.copyOf(seen.values()), boot);
    }

    private static List<WorkLine> lines(Path ledger) {
        try {
            return WorkLedger.read(ledger);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** How many executions ended how. */
    private static Map<String, Long> summary(List<WorkMaker> makers) {
        return makers.stream()
                .flatMap(maker -> maker.works().stream())
                .flatMap(work -> work.executions().stream().map(record -> work.kind() + " " + record.status()))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
}
