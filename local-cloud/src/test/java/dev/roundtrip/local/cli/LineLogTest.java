package dev.roundtrip.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LineLogTest {
    @Test
    void every_line_is_written_once_and_whole_by_the_time_it_is_closed() throws InterruptedException {
        // given
        StringWriter written = new StringWriter();
        List<Thread> callers = new ArrayList<>();

        // when
        try (LineLog log = new LineLog(new PrintWriter(written))) {
            for (int caller = 0; caller < 4; caller++) {
                int number = caller;
                callers.add(Thread.ofVirtual()
                        .start(() -> IntStream.range(0, 5_000).forEach(i -> log.accept(number + "-" + i))));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }

        // then
        assertThat(written.toString().lines())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 4)
                        .boxed()
                        .flatMap(caller -> IntStream.range(0, 5_000).mapToObj(i -> caller + "-" + i))
                        .toList());
    }

    @Test
    void nothing_is_written_of_nothing() {
        // given
        StringWriter written = new StringWriter();

        // when
        new LineLog(new PrintWriter(written)).close();

        // then
        assertThat(written.toString()).isEmpty();
    }
}
