package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the program as its user does: in a process of its own, with real variables, files, signals and terminals. */
class ProgramTest {
    private static final Map<String, String> SESSION = Map.of(
            "AWS_ACCESS_KEY_ID", Account.KEY_ID,
            "AWS_SECRET_ACCESS_KEY", Account.SECRET,
            "AWS_SESSION_TOKEN", Account.TOKEN,
            "AWS_REGION", "eu-central-1");

    @TempDir
    private Path home;

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
    void credentials_come_from_the_environment() throws Exception {
        Machine.Ended ended = Machine.run(Machine.program(server.url("/x?a=ü")), home, SESSION);

        assertThat(ended).isEqualTo(new Machine.Ended(0, "{\"result\":\"ok\"}", ""));
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
        assertThat(server.only().header("X-Amz-Security-Token")).isEqualTo(Account.TOKEN);
    }

    @Test
    void credentials_and_region_come_from_the_named_profile() throws Exception {
        writeConfiguration();
        Map<String, String> others = Map.of("AWS_ACCESS_KEY_ID", "AKIDOTHER", "AWS_SECRET_ACCESS_KEY", "other");

        Machine.Ended ended = Machine.run(Machine.program("--profile", "lab", server.url("/")), home, others);

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
        assertThat(server.only().header("Authorization"))
                .contains("Credential=" + Account.KEY_ID + "/")
                .contains("/eu-north-1/execute-api/");
    }

    @Test
    void credentials_come_from_the_profile_of_the_environment() throws Exception {
        writeConfiguration();

        Machine.Ended ended = Machine.run(Machine.program(server.url("/")), home, Map.of("AWS_PROFILE", "lab"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void missing_credentials_are_told_in_a_line() throws Exception {
        Machine.Ended ended = Machine.run(Machine.program("--region", "eu-west-1", server.url("/")), home, Map.of());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("AWS_ACCESS_KEY_ID", "--profile").hasLineCount(1);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void unknown_profile_is_told_with_the_known_ones() throws Exception {
        writeConfiguration();

        Machine.Ended ended = Machine.run(
                Machine.program("--profile", "labb", "--region", "eu-west-1", server.url("/")), home, Map.of());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("no profile 'labb'", "empty, lab, role, sso")
                .hasLineCount(1);
    }

    @Test
    void profile_that_needs_another_login_is_told_the_way() throws Exception {
        writeConfiguration();

        for (String profile : List.of("sso", "role")) {
            Machine.Ended ended = Machine.run(
                    Machine.program("--profile", profile, "--region", "eu-west-1", server.url("/")), home, Map.of());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("aws configure export-credentials --profile '" + profile + "'")
                    .hasLineCount(1);
        }
    }

    @Test
    void profile_of_the_environment_that_needs_another_login_is_told_the_way() throws Exception {
        writeConfiguration();

        Machine.Ended ended = Machine.run(
                Machine.program("--region", "eu-west-1", server.url("/")), home, Map.of("AWS_PROFILE", "sso"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("aws configure export-credentials").hasLineCount(1);
    }

    @Test
    void profile_without_credentials_is_told() throws Exception {
        writeConfiguration();

        Machine.Ended ended = Machine.run(Machine.program("--profile", "empty", server.url("/")), home, Map.of());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("profile 'empty' gives no credentials")
                .doesNotContain("ProfileFile", "lab")
                .hasLineCount(1);
    }

    @Test
    void configuration_file_that_cannot_be_read_is_told_with_the_systems_reason() throws Exception {
        writeConfiguration();
        Map<String, String> directory = Map.of("AWS_CONFIG_FILE", home.toString());
        String reason = "sigv4-client: the AWS configuration file " + home + " cannot be read: Is a directory\n";

        Machine.Ended byProfile = Machine.run(Machine.program("--profile", "lab", server.url("/")), home, directory);
        Machine.Ended withRegion = Machine.run(
                Machine.program("--region", "eu-north-1", "--profile", "lab", server.url("/")), home, directory);
        Machine.Ended byChain =
                Machine.run(Machine.program("--region", "eu-north-1", server.url("/")), home, directory);

        assertThat(byProfile.code()).isEqualTo(1);
        assertThat(byProfile.err()).isEqualTo(reason);
        assertThat(withRegion.err()).isEqualTo(reason);
        assertThat(byChain.err()).isEqualTo(reason);
    }

    @Test
    void reader_that_left_is_no_failure() throws Exception {
        assumeTrue(Machine.has("sh"), "there is no shell");
        server.answering("{}".repeat(1_000_000));
        String program = quoted(Machine.program(server.url("/")));

        Machine.Ended ended =
                Machine.run(List.of("sh", "-c", "{ " + program + "; echo $? >&2; } | head -c 4"), home, SESSION);

        assertThat(ended.out()).isEqualTo("{}{}");
        assertThat(ended.err()).isEqualTo("0\n");
    }

    @Test
    void terminal_gets_laid_out_json_and_colour() throws Exception {
        assumeTrue(Machine.has("script"), "script(1) is not installed");
        server.answering(503, "{\"a\":1}", Map.of());

        Machine.Ended ended = Machine.run(
                List.of("script", "-qec", quoted(Machine.program(server.url("/"))), "/dev/null"), home, SESSION);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("{\r\n  \"a\": 1\r\n}\r\n", "\033[31msigv4-client: HTTP 503");
    }

    @Test
    void interrupt_ends_a_repetition_with_its_summary() throws Exception {
        Path err = Files.createTempFile(home, "err", "");
        // A shell's background job, and what it starts, ignore this signal.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(Machine.program("--repeat", "9999999", server.url("/")));
        Process process = Machine.builder(command, home, SESSION)
                .redirectError(err.toFile())
                .start();
        await().until(() -> server.received().size() > 3);

        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor(9, TimeUnit.SECONDS);
        Machine.Ended ended = Machine.end(process, err);

        assertThat(ended.code()).isEqualTo(130);
        assertThat(ended.out()).containsPattern("calls     \\d+ of 9999999 in ").contains("latency   min ");
        assertThat(ended.err()).doesNotContain("Exception");
    }

    @Test
    void call_is_not_repeated_when_the_connection_breaks() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket listener = FailureTest.listener()) {
            Thread.ofVirtual().start(() -> dropEach(listener, connections));

            Machine.Ended ended = Machine.run(Machine.program(FailureTest.url(listener)), home, SESSION);

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("look before").hasLineCount(1);
            assertThat(connections).hasValue(1);
        }
    }

    private static void dropEach(ServerSocket listener, AtomicInteger connections) {
        try {
            while (true) {
                try (Socket socket = listener.accept()) {
                    connections.incrementAndGet();
                    socket.getInputStream().read(new byte[4096]);
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void writeConfiguration() throws IOException {
        Path directory = Files.createDirectories(home.resolve(".aws"));
        Files.writeString(directory.resolve("credentials"), """
                [lab]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                """.formatted(Account.KEY_ID, Account.SECRET));
        Files.writeString(directory.resolve("config"), """
                [profile lab]
                region = eu-north-1
                [profile empty]
                region = eu-north-1
                [profile sso]
                sso_start_url = https://example.awsapps.com/start
                sso_region = eu-west-1
                sso_account_id = 123456789012
                sso_role_name = Developer
                [profile role]
                role_arn = arn:aws:iam::123456789012:role/Developer
                source_profile = lab
                """);
    }

    private static String quoted(List<String> command) {
        return command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
