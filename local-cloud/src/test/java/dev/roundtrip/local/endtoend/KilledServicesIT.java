package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The local cloud is killed in the middle of what its services write, and started again: nothing acknowledged is lost,
 * nothing is half there.
 *
 * <p>The seed decides what each writes, and after how many answers the kill comes. In which order they are
 * answered, the machine
 * decides.
 */
class KilledServicesIT {
    private static final int KILLS = Integer.getInteger("services.kills", 40);
    private static final long SEED = Long.getLong("services.seed", System.nanoTime());
    /** After how many acknowledged writes at most the next kill comes. */
    private static final int MOST_WRITES = 100;

    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void nothing_acknowledged_is_lost_and_nothing_is_half_there() throws Exception {
        System.out.println("KilledServicesIT: -Dservices.seed=" + SEED + " -Dservices.kills=" + KILLS);
        Path path = directory.resolve("state");
        StateDirectory state = StateDirectory.open(path);
        Thing sensor = state.provision(new Target("sensor"), LocalCloudSettings.PREFIX);
        Files.writeString(sensor.files().policy(), POLICY);
        Thing pump = state.provision(new Target("pump"), LocalCloudSettings.PREFIX);
        Thing door = state.provision(new Target("door"), LocalCloudSettings.PREFIX);
        Random random = new Random(SEED);
        try (Front front = new Front(state, sensor);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<KilledWriter> writers = List.of(
                    new KilledWriter("registry a", new RegistryWriter("a", front), SEED),
                    new KilledWriter("registry b", new RegistryWriter("b", front), SEED),
                    new KilledWriter("files", new FileThingWriter(pump, front), SEED),
                    new KilledWriter("rights", new RightsWriter(door, front), SEED),
                    new KilledWriter("HTTP shadows", new ShadowWriter("s", front, ShadowWriter.Way.HTTP), SEED),
                    new KilledWriter("MQTT shadows", new ShadowWriter("sensor", front, ShadowWriter.Way.MQTT), SEED),
                    new KilledWriter("jobs", new JobWriter("sensor", front), SEED),
                    new KilledWriter("commands", new CommandWriter("sensor", front), SEED),
                    new KilledWriter("provisioning", new ProvisioningWriter(front), SEED),
                    new KilledWriter("retained a", new RetainedWriter("a", front), SEED),
                    new KilledWriter("retained b", new RetainedWriter("b", front), SEED));
            List<String> command = CloudProcess.command(path, List.of());
            for (int kill = 0; kill <= KILLS; kill++) {
                try (CloudProcess cloud = CloudProcess.start(command)) {
                    front.connect(cloud);
                    boolean first = kill == 0;
                    all(threads, writers, writer -> {
                        if (first) {
                            writer.begin();
                        } else {
                            writer.judge();
                        }
                        return true;
                    });
                    if (kill < KILLS) {
                        killUnderLoad(cloud, threads, writers, random);
                    }
                }
            }
            writers.forEach(writer -> assertThat(writer.acknowledged())
                    .as("acknowledged writes of " + writer)
                    .isGreaterThan(KILLS));
            System.out.println("KilledServicesIT: acknowledged " + writers);
        }
    }

    private static void killUnderLoad(
            CloudProcess cloud, ExecutorService threads, List<KilledWriter> writers, Random random) throws Exception {
        CountDownLatch writes = new CountDownLatch(1 + random.nextInt(MOST_WRITES));
        List<Future<Boolean>> writing = new ArrayList<>();
        for (KilledWriter writer : writers) {
            writing.add(threads.submit(() -> {
                Exception refused = writer.writeUntilKilled(writes);
                if (refused != null) {
                    throw refused;
                }
                return true;
            }));
        }
        boolean enough = writes.await(1, TimeUnit.MINUTES);
        cloud.kill();
        for (Future<Boolean> each : writing) {
            assertThat(each.get(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(enough).as("enough writes were acknowledged in a minute").isTrue();
    }

    private interface Turn {
        Boolean of(KilledWriter writer) throws Exception;
    }

    private static void all(ExecutorService threads, List<KilledWriter> writers, Turn turn) throws Exception {
        List<Callable<Boolean>> turns = new ArrayList<>();
        writers.forEach(writer -> turns.add(() -> turn.of(writer)));
        for (Future<Boolean> each : threads.invokeAll(turns)) {
            assertThat(each.get()).isTrue();
        }
    }
}
