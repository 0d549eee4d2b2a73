package dev.roundtrip.local.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.log.LastLines.Line;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The last lines of the log, within their bound. */
class LastLinesTest {
    private final List<String> handedOn = new ArrayList<>();
    private final LastLines lines = new LastLines(handedOn::add, () -> Instant.parse("2026-11-02T10:00:00Z"));

    private static List<Long> numbers(List<Line> found) {
        return found.stream().map(Line::number).toList();
    }

    private static int bytes(List<Line> found) {
        return found.stream()
                .mapToInt(line -> line.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    @Test
    void every_line_is_handed_on_as_it_came_and_kept_with_its_time() {
        lines.accept("{\"event\":\"up\"}");

        assertThat(handedOn).containsExactly("{\"event\":\"up\"}");
        assertThat(lines.last(10)).singleElement().satisfies(line -> {
            assertThat(line.number()).isZero();
            assertThat(line.text()).contains("2026-11-02T10:00:00").contains("up");
        });
    }

    @Test
    void lines_are_found_by_their_number() {
        for (int i = 0; i < 5; i++) {
            lines.accept("line " + i);
        }

        assertThat(numbers(lines.lines(2, 2))).containsExactly(2L, 3L);
        assertThat(numbers(lines.lines(4, 10))).containsExactly(4L);
        assertThat(lines.lines(5, 10)).isEmpty();
        assertThat(lines.lines(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(numbers(lines.last(2))).containsExactly(3L, 4L);
        assertThat(lines.next()).isEqualTo(5);
    }

    @Test
    void oldest_lines_go_when_there_is_no_room_and_the_numbers_go_on() {
        String kilobyte = "ü".repeat(512);
        int count = 3 * LastLines.MAX_BYTES / 1024;
        for (int i = 0; i < count; i++) {
            lines.accept(kilobyte);
        }

        List<Line> kept = lines.lines(0, Integer.MAX_VALUE);
        assertThat(bytes(kept)).isBetween(LastLines.MAX_BYTES - 2_048, LastLines.MAX_BYTES);
        assertThat(kept.getLast().number()).isEqualTo(count - 1L);
        // One that is gone is asked for: the oldest that is there comes.
        assertThat(numbers(lines.lines(1, 1)))
                .containsExactly(kept.getFirst().number())
                .doesNotContain(1L);
    }

    @Test
    void line_that_is_too_long_is_handed_on_and_has_no_number() {
        lines.accept("before");
        lines.accept("x".repeat(100_000));
        lines.accept("after");

        assertThat(handedOn).hasSize(3);
        assertThat(numbers(lines.last(10))).containsExactly(0L, 1L);
    }

    @Test
    void lines_of_many_threads_have_numbers_without_a_gap() throws Exception {
        LastLines shared = new LastLines(line -> {}, () -> Instant.EPOCH);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        shared.accept("line " + i);
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        List<Line> kept = shared.lines(0, Integer.MAX_VALUE);
        assertThat(kept).hasSize(2_000);
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.get(i).number()).isEqualTo(i);
        }
    }
}
