package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pastes the printed command into a real shell with a real curl. */
class CurlCommandTest {
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", Account.KEY_ID, "AWS_SECRET_ACCESS_KEY", Account.SECRET);
    private static final Map<String, String> SESSION = Map.of(
            "AWS_ACCESS_KEY_ID", Account.KEY_ID,
            "AWS_SECRET_ACCESS_KEY", Account.SECRET,
            "AWS_SESSION_TOKEN", Account.TOKEN);

    private final Shell shell = Shell.of(Account.withSession());

    @TempDir
    private Path directory;

    private RecordingServer server;

    @BeforeEach
    void start() throws IOException {
        server = RecordingServer.http();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static Stream<List<String>> calls() {
        return Stream.of(
                List.of("/"),
                List.of("/Prod/invoke?target=lamp-1&method=echo&request=it's \"ü\" + $HOME `x` {a} [1-2]"),
                List.of("/?b=2&a=2&b=1&a=1&a-b=&a"),
                List.of("/x", "-d", "{\"a\":\"it's $5\\n\"}\n"),
                List.of("/x", "-d", ""),
                List.of("/x", "-d", "@FILE", "-H", "Content-Type: text/plain"),
                List.of("/x", "-X", "PUT", "-d", "{}"),
                List.of("/x", "-X", "GET", "-d", "{}"),
                List.of("/x", "-X", "DELETE"),
                List.of("/x", "-X", "POST"),
                List.of("/x", "-X", "HEAD"),
                List.of("/x", "-H", "X-Note: one   two", "-H", "x-note: 'three'", "-H", "Accept: a/b"),
                List.of("/x", "-H", "User-Agent: me", "-H", "B: 1", "-H", "A-B: 2", "-H", "A: 3", "-H", "a_b: 4"),
                List.of("/x", "--region", "us-east-1", "--service", "lambda"),
                List.of("/x", "-i", "--max-time", "7"));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void pasted_command_makes_the_same_call(List<String> call) throws Exception {
        assumeTrue(Machine.has("curl"), "curl is not installed");
        Path file = Files.writeString(directory.resolve("it's a body"), "one\r\ntwo\n\n");
        String[] arguments = Stream.concat(
                        call.stream().skip(1).map(each -> each.replace("FILE", file.toString())),
                        Stream.of(server.url(call.getFirst())))
                .toArray(String[]::new);

        // given the printed command, which has no secret in it
        Shell.Ended printed = shell.run(
                Stream.concat(Stream.of("--curl"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(printed.out()).doesNotContain(Account.SECRET, Account.TOKEN, Account.KEY_ID);

        // when it is pasted into a shell with a session, and into one without
        Machine.Ended with = Machine.run(List.of("sh", "-c", printed.out()), directory, SESSION);
        Machine.Ended without = Machine.run(List.of("sh", "-c", printed.out()), directory, KEYS);
        shell.run(arguments);

        // then each is the call that the program itself makes, signed well
        assertThat(with.code()).as(with.err()).isZero();
        assertThat(without.code()).as(without.err()).isZero();
        ReceivedRequest ours = server.received().get(2);
        assertThat(server.received()).hasSize(3).allMatch(Account.CHECK::accepts);
        assertThat(server.received().subList(0, 2)).allSatisfy(received -> {
            assertThat(received.method()).isEqualTo(ours.method());
            assertThat(received.query().split("&", -1))
                    .containsExactlyInAnyOrder(ours.query().split("&", -1));
            assertThat(received.path()).isEqualTo(ours.path());
            assertThat(received.body()).isEqualTo(ours.body());
            assertThat(received.header("Content-Type")).isEqualTo(ours.header("Content-Type"));
        });
        assertThat(server.received().get(0).header("X-Amz-Security-Token")).isEqualTo(Account.TOKEN);
        assertThat(server.received().get(1).headers()).doesNotContainKey("X-Amz-Security-Token");
    }

    @Test
    void body_from_standard_input_becomes_part_of_the_command() throws Exception {
        assumeTrue(Machine.has("curl"), "curl is not installed");

        Shell.Ended printed = shell.reading("@it's\n").run("--curl", "-d", "-", server.url("/"));
        Machine.run(List.of("sh", "-c", printed.out()), directory, SESSION);

        assertThat(server.only().text()).isEqualTo("@it's\n");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/x:y", "/a//b", "/ü"})
    void path_that_curl_cannot_sign_is_refused_with_advice(String path) {
        Shell.Ended ended = shell.run("--curl", server.url(path));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--presign");
    }

    @Test
    void date_that_curl_takes_for_the_signatures_time_is_refused_with_advice() {
        Shell.Ended ended = shell.run("--curl", "-H", "date: Mon, 01 Jan 2024 00:00:00 GMT", server.url("/"));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("--curl cannot have -H 'Date: ...'", "leave the header out");
    }

    @Test
    void body_that_no_shell_can_hold_is_refused_with_advice() {
        Shell.Ended ended = shell.reading("a\0b").run("--curl", "-d", "-", server.url("/"));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("-d @FILE");
    }

    @Test
    void options_of_the_call_become_curls() {
        assertThat(shell.run("--curl", "-i", "--max-time", "2.50", "--ca", "src/x.pem", "https://h/")
                        .out())
                .contains("--cacert src/x.pem", "--include", "--max-time 2.5 ");
    }

    @Test
    void credentials_that_the_command_will_miss_are_told() {
        Map<String, String> region = Map.of("AWS_REGION", "r");
        Map<String, String> both = Map.of("AWS_REGION", "r", "AWS_ACCESS_KEY_ID", Account.KEY_ID);

        assertThat(shell.with(region)
                        .run("--curl", "--profile", "lab", "http://h/")
                        .err())
                .contains("AWS_ACCESS_KEY_ID", "--profile 'lab'");
        assertThat(shell.with(both).run("--curl", "http://h/").err()).isEmpty();
    }

    @Test
    void command_needs_no_credentials_to_be_printed() {
        assertThat(shell.run("--curl", "-d", "{}", "https://abc.execute-api.eu-central-1.amazonaws.com/Prod/invoke")
                        .out())
                .isEqualTo("""
                        curl --aws-sigv4 aws:amz:eu-central-1:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
                          ${AWS_SESSION_TOKEN:+-H"X-Amz-Security-Token: $AWS_SESSION_TOKEN"} \\
                          -H 'Content-Type: application/json' \\
                          --data-raw '{}' \\
                          https://abc.execute-api.eu-central-1.amazonaws.com/Prod/invoke
                        """);
    }
}
