package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.FilterWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
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
    void line_of_an_interrupted_call_is_written_too() {
        // given
        StringWriter written = new StringWriter();

        // when
        try (LineLog log = new LineLog(new PrintWriter(written))) {
            Thread.currentThread().interrupt();
            log.accept("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }

        // then
        assertThat(written.toString().lines()).containsExactly("interrupted");
    }

    @Test
    void calls_go_on_when_nobody_reads_and_the_lost_lines_are_counted() throws InterruptedException {
        // given
        CountDownLatch reading = new CountDownLatch(1);
        StringWriter written = new StringWriter();
        Writer unread = new FilterWriter(written) {
            @Override
            public void write(String text, int from, int length) {
                try {
                    reading.await();
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
                written.write(text, from, length);
            }
        };

        // when
        try (LineLog log = new LineLog(new PrintWriter(unread))) {
            log.accept("first");
            IntStream.range(0, 200_000).forEach(i -> log.accept("line"));
            reading.countDown();
            await().until(() -> written.toString().contains("lines were lost"));
        }

        // then
        long read = written.toString().lines().filter("line"::equals).count();
        long lost = Pattern.compile("([0-9]+) lines were lost")
                .matcher(written.toString())
                .results()
                .mapToLong(told -> Long.parseLong(told.group(1)))
                .sum();
        assertThat(read + lost).isEqualTo(200_000);
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
