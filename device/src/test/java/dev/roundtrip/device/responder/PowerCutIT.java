package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.store.HaltingJournal.Point;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The power is cut at each point between a request and its answer, and the caller repeats with the same key. */
class PowerCutIT {
    private static final int HALTED = 9;

    static Stream<Arguments> points() {
        List<Arguments> points = new ArrayList<>();
        for (String point : new String[] {"METHOD_BEGINS", "METHOD_ENDS", "BEFORE_PUBLISH", "PUBLISHED"}) {
            points.add(Arguments.of(point, 1));
        }
        for (Point point : List.of(Point.BEFORE_WRITE, Point.HALF_WRITTEN, Point.BEFORE_SYNC, Point.SYNCED)) {
            // The first time the device starts, the second time the call begins, the third time it ends.
            for (int time = 1; time <= 3; time++) {
                points.add(Arguments.of(point.name(), time));
            }
        }
        points.add(Arguments.of(Point.BEFORE_RENAME.name(), 1));
        points.add(Arguments.of(Point.RENAMED.name(), 1));
        return points.stream();
    }

    private static int run(Path directory, String point, int time) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CutDevice.class.getName(),
                        directory.toString(),
                        point,
                        Integer.toString(time))
                .inheritIO()
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end");
        }
        return process.exitValue();
    }

    private static List<String> lines(Path file) throws Exception {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static AnswerMessage read(String line) throws MalformedMessageException {
        return AnswerMessage.decode(line.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("points")
    @Timeout(150)
    void nothing_runs_twice_and_the_answer_says_the_truth(String point, int time, @TempDir Path directory)
            throws Exception {
        assertThat(run(directory, point, time)).isEqualTo(HALTED);
        int effectsBefore = lines(directory.resolve("effects")).size();
        List<String> answersBefore = lines(directory.resolve("answers"));

        assertThat(run(directory, "NEVER", 1)).isZero();

        int effects = lines(directory.resolve("effects")).size();
        AnswerMessage answer = read(lines(directory.resolve("answers")).getLast());
        assertThat(effects).isLessThanOrEqualTo(1);
        switch (answer) {
            case AnswerMessage.Answered ok -> assertThat(effects).isOne();
            case AnswerMessage.Failed failed -> {
                assertThat(failed.error().code()).isEqualTo("interrupted");
                // It began, and nobody was told another end.
                assertThat(effects).isEqualTo(effectsBefore);
                assertThat(answersBefore).isEmpty();
            }
            case AnswerMessage.Refused refused -> throw new AssertionError("refused: " + refused);
        }
        assertThat(Objects.requireNonNull(answer.memory().lane()).last()).isOne();
    }
}
