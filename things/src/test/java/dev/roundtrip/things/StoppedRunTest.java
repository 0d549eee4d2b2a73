package dev.roundtrip.things;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.protocol.Target;
import java.io.Serial;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkException;

/** A run that is stopped after any step, and the next one. */
@Timeout(60)
class StoppedRunTest {
    /** More than a run with two things has. */
    private static final int MAX_STEPS = 60;

    private static final List<Target> NAMES = List.of(new Target("thing_0"), new Target("thing_1"));

    @TempDir(factory = InMemory.class)
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path parent;

    private static ScriptedIot iot;

    private static Cloud cloud;

    @SuppressWarnings("NullAway.Init")
    private Path root;

    @BeforeAll
    static void start() throws Exception {
        iot = new ScriptedIot();
        cloud = iot.cloud();
    }

    @AfterAll
    static void stop() {
        cloud.close();
        iot.close();
    }

    /** The process is killed: nothing of the program runs any more. */
    private static final class Killed extends Error {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    /** Where a run stops: a request that does not arrive, one whose answer does not arrive, a change of a file. */
    enum Place {
        REQUEST_LOST,
        ANSWER_LOST,
        FILE_CHANGED
    }

    record Stop(Place place, int step) {}

    private void create(ThingsDirectory directory) throws ThingsException, InterruptedException {
        try (DirectoryLock lock = directory.lock()) {
            Creation creation = new Creation(cloud, directory, InstantSource.system(), pause -> {});
            var unused = creation.open(null);
            List<ThingRecord> things = new ArrayList<>();
            for (Target name : NAMES) {
                things.add(directory.thing(name).orElseGet(() -> ThingRecord.planned(name, ThingRecord.Role.SENDER)));
            }
            creation.make(things, done -> {});
        }
    }

    private void clean(ThingsDirectory directory) throws ThingsException, InterruptedException {
        if (!directory.isUsed()) {
            return;
        }
        try (DirectoryLock lock = directory.lock()) {
            if (directory.common().isEmpty()) {
                Cleaning.forget(directory);
                return;
            }
            Cleaning.Report report = new Cleaning(
                            cloud.iot(), directory, directory.common().orElseThrow(), pause -> {})
                    .clean(EnumSet.allOf(Kind.class), done -> {});
            assertThat(report.failures()).isEmpty();
        }
    }

    private interface Run {
        void in(ThingsDirectory directory) throws ThingsException, InterruptedException;
    }

    /** @return whether it was stopped */
    private boolean stopped(Run run, Stop stop) throws Exception {
        int[] changes = {0};
        ThingsDirectory directory = new ThingsDirectory(root, () -> {
            if (stop.place() == Place.FILE_CHANGED && changes[0]++ >= stop.step()) {
                throw new Killed();
            }
        });
        switch (stop.place()) {
            case REQUEST_LOST -> iot.cut(ScriptedIot.Cut.BEFORE, stop.step());
            case ANSWER_LOST -> iot.cut(ScriptedIot.Cut.AFTER, stop.step());
            case FILE_CHANGED -> {}
        }
        try {
            run.in(directory);
            return false;
        } catch (Killed | ThingsException | SdkException stopped) {
            return true;
        } finally {
            iot.mend();
        }
    }

    private void assertThatAllIsThere() throws Exception {
        ThingsDirectory directory = new ThingsDirectory(root);
        String policy = directory.common().orElseThrow().policyName();
        assertThat(iot.things).containsOnlyKeys("thing_0", "thing_1");
        assertThat(iot.policies).containsOnlyKeys(policy);
        List<String> expected = new ArrayList<>();
        for (ThingRecord thing : directory.things()) {
            assertThat(thing.isComplete()).isTrue();
            String id = String.valueOf(thing.certificateId());
            expected.add("policy:" + policy + " " + id);
            expected.add("thing:" + thing.name() + " " + id);
            Path certificate = directory.tls(thing.name(), root).certificate();
            var known = Objects.requireNonNull(iot.certificates.get(id), id);
            assertThat(known.status).isEqualTo("ACTIVE");
            assertThat(Files.readString(certificate)).isEqualTo(known.pem);
        }
        assertThat(iot.attachments).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(iot.certificates).hasSize(2);
    }

    private interface Scenario {
        /** @return whether the run was stopped */
        boolean at(Stop stop) throws Exception;
    }

    /** Stops a run after each of its steps in turn, until it has no further one. */
    private void atEachStep(Place place, Scenario scenario) throws Exception {
        int step = 0;
        boolean stopped = true;
        while (stopped) {
            iot.reset();
            root = parent.resolve("things-" + step);
            Stop stop = new Stop(place, step++);
            try {
                stopped = scenario.at(stop);
            } catch (Exception | AssertionError failed) {
                throw new AssertionError(stop + ": " + failed.getMessage(), failed);
            }
        }
        assertThat(step).isBetween(10, MAX_STEPS);
    }

    private void assertThatNothingIsLeft() {
        assertThat(iot.isEmpty()).isTrue();
        if (Files.exists(root)) {
            assertThat(root).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource
    void next_create_makes_what_is_missing_and_nothing_twice(Place place) throws Exception {
        atEachStep(place, stop -> {
            boolean stopped = stopped(this::create, stop);

            create(new ThingsDirectory(root));

            assertThatAllIsThere();
            return stopped;
        });
    }

    @ParameterizedTest
    @EnumSource
    void clean_after_a_stopped_create_leaves_nothing(Place place) throws Exception {
        atEachStep(place, stop -> {
            boolean stopped = stopped(this::create, stop);

            clean(new ThingsDirectory(root));

            assertThat(iot.isEmpty()).isTrue();
            return stopped;
        });
    }

    @ParameterizedTest
    @EnumSource
    void next_clean_deletes_what_is_left(Place place) throws Exception {
        atEachStep(place, stop -> {
            create(new ThingsDirectory(root));
            boolean stopped = stopped(this::clean, stop);

            clean(new ThingsDirectory(root));

            assertThatNothingIsLeft();
            return stopped;
        });
    }

    @ParameterizedTest
    @EnumSource
    void create_after_a_stopped_clean_makes_all_anew(Place place) throws Exception {
        atEachStep(place, stop -> {
            create(new ThingsDirectory(root));
            boolean stopped = stopped(this::clean, stop);

            create(new ThingsDirectory(root));

            assertThatAllIsThere();
            return stopped;
        });
    }

    @Test
    void nobody_else_gets_the_lock_of_a_clean_while_its_record_is_there() throws Exception {
        iot.reset();
        root = parent.resolve("things");
        create(new ThingsDirectory(root));

        clean(new ThingsDirectory(root, () -> {
            try (DirectoryLock lock = new ThingsDirectory(root).lock()) {
                assertThat(root.resolve("directory.json")).doesNotExist();
            } catch (ThingsException locked) {
                assertThat(locked).hasMessageContaining("another things create or clean works in");
            }
        }));

        assertThat(iot.isEmpty()).isTrue();
    }

    @Test
    void lock_of_a_file_that_was_replaced_is_no_lock() throws Exception {
        root = Files.createDirectory(parent.resolve("things"));
        Path file = root.resolve("lock");
        try (FileChannel old = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Files.delete(file);
            try (DirectoryLock newer = DirectoryLock.of(root)) {
                assertThat(DirectoryLock.isOf(old, file)).isFalse();
            }
        }
    }
}
