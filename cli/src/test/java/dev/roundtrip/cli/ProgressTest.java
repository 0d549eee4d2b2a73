package dev.roundtrip.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private Instant now = Instant.EPOCH;

    @Test
    void work_is_told_of_each_two_seconds_and_not_at_its_end() {
        List<String> lines = new ArrayList<>();
        Progress progress = new Progress(lines::add, () -> now);

        for (int done = 1; done <= 10; done++) {
            now = now.plus(Duration.ofSeconds(1));
            progress.at(done, 10, "things");
        }

        assertThat(lines)
                .containsExactly(
                        "2 of 10 things after 2 s",
                        "4 of 10 things after 4 s",
                        "6 of 10 things after 6 s",
                        "8 of 10 things after 8 s");
    }

    @Test
    void work_of_less_than_two_seconds_is_not_told_of() {
        List<String> lines = new ArrayList<>();
        Progress progress = new Progress(lines::add, () -> now);

        now = now.plus(Duration.ofMillis(1_999));
        progress.at(99, 100, "things");

        assertThat(lines).isEmpty();
    }

    @Test
    void nothing_is_said_where_nobody_watches() {
        StringWriter err = new StringWriter();
        Progress progress = Progress.begin("program", new PrintWriter(err), Set.of(StandardStream.OUT));

        progress.at(1, 2, "things");

        assertThat(err.toString()).isEmpty();
    }
}
