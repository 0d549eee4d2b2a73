package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogBridgeTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-02T12:00:00Z"));

    private interface Deed {
        void happens() throws Exception;
    }

    private static List<JsonNode> logged(Deed deed) throws Exception {
        StringWriter written = new StringWriter();
        try (JsonLog log = new JsonLog(new PrintWriter(written), NOON);
                LogBridge bridge = new LogBridge(log)) {
            deed.happens();
        }
        return written.toString()
                .lines()
                .map(line -> {
                    try {
                        return Json.mapper().readTree(line);
                    } catch (com.fasterxml.jackson.core.JsonProcessingException noJson) {
                        throw new AssertionError(line, noJson);
                    }
                })
                .toList();
    }

    @Test
    void warning_of_netty_is_a_line_without_what_its_exception_quotes() throws Exception {
        List<JsonNode> lines =
                logged(() -> io.netty.util.internal.logging.InternalLoggerFactory.getInstance("a.Pipeline")
                        .warn("An exception reached the tail", new IllegalStateException("s3cret payload")));

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().path("time").asText()).isEqualTo("2026-01-02T12:00:00Z");
        assertThat(lines.getFirst().path("level").asText()).isEqualTo("WARN");
        assertThat(lines.getFirst().path("logger").asText()).isEqualTo("a.Pipeline");
        assertThat(lines.getFirst().path("message").asText()).isEqualTo("An exception reached the tail");
        assertThat(lines.getFirst().path("trace").asText()).contains("IllegalStateException", "LogBridgeTest");
        assertThat(lines.getFirst().toString()).doesNotContain("s3cret");
    }

    @Test
    void end_of_a_thread_and_a_printed_trace_are_lines() throws Exception {
        List<JsonNode> lines = logged(() -> {
            Thread thread = new Thread(
                    () -> {
                        throw new IllegalStateException("s3cret");
                    },
                    "doomed");
            thread.start();
            thread.join();
            new IllegalArgumentException("two\nlines").printStackTrace();
        });

        assertThat(lines)
                .anySatisfy(line -> {
                    assertThat(line.path("event").asText()).isEqualTo("defect");
                    assertThat(line.path("thread").asText()).isEqualTo("doomed");
                    assertThat(line.toString()).doesNotContain("s3cret");
                })
                .anySatisfy(line -> {
                    assertThat(line.path("event").asText()).isEqualTo("output");
                    assertThat(line.path("message").asText()).isEqualTo("lines");
                });
    }

    @Test
    void everything_is_as_before_when_it_is_closed() throws Exception {
        PrintStream before = System.err;
        var uncaught = Thread.getDefaultUncaughtExceptionHandler();
        var handlers = java.util.logging.Logger.getLogger("").getHandlers();

        logged(() -> {});

        assertThat(System.err).isSameAs(before);
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(uncaught);
        assertThat(java.util.logging.Logger.getLogger("").getHandlers()).isEqualTo(handlers);
    }
}
