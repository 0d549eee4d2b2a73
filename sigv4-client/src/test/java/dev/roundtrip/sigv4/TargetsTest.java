package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsTest {
    private final Shell shell = Shell.of(Account.plain());
    private RecordingServer server;

    @BeforeEach
    void start() throws IOException {
        server = RecordingServer.http();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void calls_go_to_the_targets_in_turn_and_each_has_its_line() {
        Shell.Ended ended =
                shell.run("--repeat", "5", "--targets", "lamp-1, lamp-2", server.url("/?method=echo&target={target}"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(server.received().stream().map(ReceivedRequest::query))
                .containsExactly(
                        "method=echo&target=lamp-1",
                        "method=echo&target=lamp-2",
                        "method=echo&target=lamp-1",
                        "method=echo&target=lamp-2",
                        "method=echo&target=lamp-1");
        assertThat(server.received()).allMatch(Account.CHECK::accepts);
        assertThat(server.received().stream().map(ReceivedRequest::connection).distinct())
                .hasSize(1);
        assertThat(ended.out())
                .containsPattern("(?m)^calls     5 in ")
                .contains("statuses  200 × 5\n")
                .containsPattern("(?m)^target   calls +p50 ms +p99 ms +max ms   statuses$")
                .containsPattern("(?m)^lamp-1       3 +[\\d.]+ +[\\d.]+ +[\\d.]+   200 × 3$")
                .containsPattern("(?m)^lamp-2       2 +[\\d.]+ +[\\d.]+ +[\\d.]+   200 × 2$");
    }

    @Test
    void name_goes_into_the_path_and_into_the_body() {
        shell.run("--repeat", "1", "--targets", "a:b", "-d", "{\"target\":\"{target}\"}", server.url("/{target}/run"));

        assertThat(server.only().target()).isEqualTo("/a:b/run");
        assertThat(server.only().text()).isEqualTo("{\"target\":\"a:b\"}");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void bytes_around_the_name_stay_as_they_are() {
        byte[] body = "\u00ff{target}\u0080".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(TargetList.with("x", body)).containsExactly(0xff, 'x', 0x80);
    }

    @Test
    void names_come_from_a_file(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("names"), "lamp-1\r\n\n lamp-2 \nlamp-3,lamp-4\n");

        assertThat(TargetList.of("@" + file).names()).containsExactly("lamp-1", "lamp-2", "lamp-3", "lamp-4");
    }

    @Test
    void names_are_bounded() {
        List<String> many =
                IntStream.rangeClosed(0, 1_000).mapToObj(n -> "n" + n).toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TargetList(many))
                .withMessageContaining("1 to 1000 names, not 1001");
    }

    @Test
    void file_is_bounded(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("names"), "a\n".repeat(600_000));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetList.of("@" + file))
                .withMessageContaining("more than 1048576 bytes");
    }

    @Test
    void target_that_fails_is_seen_in_its_own_line() {
        TargetSummary summary = new TargetSummary(List.of("good", "bad", "idle"));
        summary.of("bad").failed("nothing answers");

        assertThat(summary.text().lines())
                .containsExactly(
                        "",
                        "target   calls   p50 ms   p99 ms   max ms   statuses",
                        "good         0",
                        "bad          1                              no answer × 1",
                        "idle         0");
    }

    @Test
    void call_without_targets_has_no_table() {
        assertThat(shell.run("--repeat", "2", server.url("/")).out()).doesNotContain("target");
    }
}
