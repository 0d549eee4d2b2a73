package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignCommandTest {
    private final Shell shell = Shell.of(Account.withSession());
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
    void message_after_a_body_without_a_line_end_begins_a_line_where_both_go_to_one_place() {
        server.answering(503, "{\"a\":1}", Map.of());

        assertThat(shell.together().run(server.url("/")).err()).startsWith("\nsigv4-client: HTTP 503");
        assertThat(shell.run(server.url("/")).err()).startsWith("sigv4-client: HTTP 503");
        assertThat(shell.onTerminal().together().run(server.url("/")).err()).doesNotStartWith("\n");
    }

    @Test
    void message_after_a_body_that_ends_its_line_needs_none() {
        server.answering(503, "{\"a\":1}\n", Map.of());

        assertThat(shell.together().run(server.url("/")).err()).startsWith("sigv4-client: HTTP 503");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--presign", "--dry-run", "--repeat=2"})
    void headers_of_an_answer_are_refused_where_there_is_none(String mode) {
        Shell.Ended ended = shell.run("--include", mode, server.url("/"));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--include needs one answer");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void get_is_signed_sent_and_its_answer_passed_through() {
        // given an answer that laying out would change
        server.answering("{ \"result\":\"ok\",\"n\":1.0e2 }");

        // when it is called from a script
        Shell.Ended ended = shell.run(server.url("/Prod/invoke?target=lamp-1&method=echo&request=a b"));

        // then the answer comes byte for byte
        assertThat(ended)
                .extracting(Shell.Ended::code, Shell.Ended::out, Shell.Ended::err)
                .containsExactly(0, "{ \"result\":\"ok\",\"n\":1.0e2 }", "");
        assertThat(server.only().method()).isEqualTo("GET");
        assertThat(server.only().target()).isEqualTo("/Prod/invoke?method=echo&request=a%20b&target=lamp-1");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void terminal_gets_json_laid_out_with_its_digits() {
        server.answering(
                "{\"result\":\"ok\",\"n\":1.0e2,\"big\":12345678901234567890.10,\"list\":[1,{}],\"s\":\"ü\\n\"}");

        Shell.Ended ended = shell.onTerminal().run(server.url("/"));

        assertThat(ended.out()).isEqualTo("""
                        {
                          "result": "ok",
                          "n": 1.0e2,
                          "big": 12345678901234567890.10,
                          "list": [
                            1,
                            {}
                          ],
                          "s": "ü\\n"
                        }
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain text", "{\"broken\":", "{} trailing", "no\nline end"})
    void terminal_gets_other_text_as_it_is(String body) {
        server.answering(body);

        assertThat(shell.onTerminal().run(server.url("/")).out()).isEqualTo(body + "\n");
    }

    @Test
    void empty_answer_prints_nothing() {
        server.answering("");

        assertThat(shell.onTerminal().run(server.url("/")).out()).isEmpty();
    }

    @Test
    void data_makes_a_post_of_json() {
        shell.run("-d", "{\"a\":\"ü\"}", server.url("/"));

        assertThat(server.only().method()).isEqualTo("POST");
        assertThat(server.only().text()).isEqualTo("{\"a\":\"ü\"}");
        assertThat(server.only().header("Content-Type")).isEqualTo("application/json");
        assertThat(server.only().header("User-Agent")).startsWith("sigv4-client/");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void data_comes_from_a_file_byte_for_byte(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("body"), new byte[] {'\n', 0, -1, '\n'});

        shell.run("-d", "@" + file, "-H", "content-type: application/octet-stream", server.url("/"));

        assertThat(server.only().body()).containsExactly('\n', 0, -1, '\n');
        assertThat(server.only().header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "@-"})
    void data_comes_from_standard_input(String data) {
        shell.reading("from stdin\n").run("-d", data, "-X", "put", server.url("/"));

        assertThat(server.only().method()).isEqualTo("PUT");
        assertThat(server.only().text()).isEqualTo("from stdin\n");
    }

    @Test
    void headers_are_sent_and_signed() {
        shell.run("-H", "X-One: 1", "-H", "X-One: 2", "-H", "User-Agent: me", "-d", "", server.url("/"));

        assertThat(server.only().headers().get("X-One")).containsExactlyInAnyOrder("1", "2");
        assertThat(server.only().header("User-Agent")).isEqualTo("me");
        assertThat(server.only().header("Authorization")).contains("x-one");
        assertThat(server.only().method()).isEqualTo("POST");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void head_has_no_body() {
        assertThat(shell.run("-X", "HEAD", "-i", server.url("/")).out()).startsWith("HTTP/1.1 200\n");
        assertThat(server.only().method()).isEqualTo("HEAD");
    }

    @ParameterizedTest
    @CsvSource({"200,0", "204,0", "299,0", "302,1", "400,1", "401,1", "407,1", "403,1", "502,1", "503,1", "504,1"})
    void exit_code_tells_success_from_the_rest(int status, int code) {
        server.answering(status, status == 204 ? "" : "{\"result\":\"x\"}", Map.of());

        Shell.Ended ended = shell.run(server.url("/"));

        assertThat(ended.code()).isEqualTo(code);
        assertThat(ended.out()).isEqualTo(status == 204 ? "" : "{\"result\":\"x\"}");
        assertThat(ended.err()).matches(code == 0 ? "" : "sigv4-client: HTTP " + status + ".*\n");
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "MissingAuthenticationTokenException, stage",
        "InvalidSignatureException, clock",
        "UnrecognizedClientException:http://x, not known",
        "ExpiredTokenException, log in",
        "AccessDeniedException, execute-api:Invoke",
    })
    void refusal_comes_with_advice(String type, String advice) {
        server.answering(403, "{}", Map.of("x-amzn-ErrorType", type));

        assertThat(shell.run(server.url("/")).err()).contains("HTTP 403 " + type.split(":", 2)[0], advice);
    }

    @Test
    void retry_after_is_told() {
        server.answering(503, "{}", Map.of("Retry-After", "2"));

        assertThat(shell.run(server.url("/")).err()).contains("try again after 2 s");
    }

    @Test
    void include_prints_status_and_headers_first() {
        server.answering(200, "body", Map.of("X-Answer", "42"));

        assertThat(shell.run("-i", server.url("/")).out())
                .startsWith("HTTP/1.1 200\n")
                .contains("\nx-answer: 42\n")
                .endsWith("\n\nbody");
    }

    @Test
    void colour_is_for_terminals_that_want_it() {
        server.answering(500, "x", Map.of());

        assertThat(shell.onTerminal().run(server.url("/")).err()).contains("\033[31m");
        assertThat(shell.run(server.url("/")).err()).doesNotContain("\033");
        assertThat(shell.with(Map.of("AWS_REGION", "r", "NO_COLOR", "1"))
                        .onTerminal()
                        .run(server.url("/"))
                        .err())
                .doesNotContain("\033");
    }

    @Test
    void verbose_tells_all_but_the_secrets() {
        Shell.Ended ended = shell.run("-v", server.url("/x"));

        assertThat(ended.err())
                .contains("* region eu-central-1 from AWS_REGION", "* access key AKIDEXAMPLE, with a session token")
                .contains("> GET /x HTTP/1.1", "> Host: localhost:", "> Authorization: ", "< HTTP/1.1 200")
                .doesNotContain(Account.SECRET)
                .doesNotContain(Account.TOKEN);
        assertThat(ended.out()).isEqualTo("{\"result\":\"ok\"}");
    }

    @Test
    void dry_run_shows_the_signed_request_and_sends_nothing() {
        Shell.Ended ended = shell.run("--dry-run", "-d", "[1]", server.url("/x?b&a"));

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .startsWith("POST /x?a=&b= HTTP/1.1\nHost: localhost:")
                .containsPattern("Signature=[0-9a-f]{64}\n")
                .endsWith("Content-Length: 3\n\n[1]")
                .doesNotContain(Account.SECRET)
                .doesNotContain(Account.TOKEN);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void presigned_url_works_alone() throws Exception {
        Shell.Ended ended = shell.run("--presign", "--expires", "60", server.url("/x?b=2&a=ü"));
        assertThat(server.received()).isEmpty();

        URI.create(ended.out().strip()).toURL().openStream().close();

        assertThat(ended.code()).isZero();
        assertThat(server.only().query()).contains("X-Amz-Expires=60");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void presigned_url_that_is_not_enough_alone_is_told() {
        assertThat(shell.run("--presign", "-d", "{}", "-H", "X-A: 1", server.url("/"))
                        .err())
                .contains("call it with POST, the same headers, the same body");
        assertThat(shell.run("--presign", server.url("/")).err()).isEmpty();
    }

    @Test
    void service_and_region_are_those_of_the_options() {
        shell.run("--service", "lambda", "--region", "us-west-2", server.url("/"));

        assertThat(server.only().header("Authorization")).contains("/us-west-2/lambda/aws4_request");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void region_that_differs_from_the_hosts_is_warned_of() {
        Shell.Ended ended = shell.run("--dry-run", "https://abc.execute-api.us-east-1.amazonaws.com/");

        assertThat(ended.out()).contains("/eu-central-1/execute-api/");
        assertThat(ended.err()).contains("--region us-east-1");
        assertThat(shell.with(Map.of())
                        .run("--dry-run", "https://abc.execute-api.us-east-1.amazonaws.com/")
                        .err())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://h/ http://h/",
                "localhost:8080/x",
                "--nonsense http://h/",
                "-X BREW http://h/",
                "-H nonsense http://h/",
                "-H Host:x http://h/",
                "-H Authorization:x http://h/",
                "-H X-Amz-Date:x http://h/",
                "-d @/no/such/file http://h/",
                "--ca /no/such/file https://h/",
                "--region e:u http://h/",
                "--service '' http://h/",
                "--max-time 0 http://h/",
                "--max-time soon http://h/",
                "--repeat 0 http://h/",
                "--repeat many http://h/",
                "--expires 5 http://h/",
                "--presign --expires 0 http://h/",
                "--presign --expires 604801 http://h/",
                "--curl --dry-run http://h/",
                "--presign --repeat 2 http://h/",
                "--targets a,b http://h/{target}",
                "--targets a,b --repeat 2 http://h/",
                "--targets , --repeat 2 http://h/{target}",
                "--targets a,a --repeat 2 http://h/{target}",
                "--targets a/b --repeat 2 http://h/{target}",
                "--targets @/no/such/file --repeat 2 http://h/{target}",
                "--targets a --dry-run http://h/{target}",
                "http://h/?X-Amz-Signature=x",
            })
    void wrong_usage_is_told_in_a_line(String arguments) {
        Shell.Ended ended = shell.run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));

        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("sigv4-client: ").endsWith("Try 'sigv4-client --help'.\n");
        assertThat(ended.err().lines()).hasSizeBetween(2, 3);
    }

    @Test
    void body_that_cannot_be_read_is_told_with_the_systems_reason(@TempDir Path directory) throws IOException {
        Path below = Files.writeString(directory.resolve("body.json"), "{}").resolve("below");

        Shell.Ended ended = shell.run("-d", "@" + below, server.url("/"));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith("sigv4-client: the body cannot be read from " + below + ": Not a directory\n");
    }

    @Test
    void body_in_a_file_that_cannot_have_that_name_is_told() {
        Shell.Ended ended = shell.run("-d", "@a\0b", server.url("/"));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("the body cannot be read: no file has the name a");
    }

    @Test
    void missing_region_is_wrong_usage_with_advice() {
        Shell.Ended ended = shell.with(Map.of()).run(server.url("/"));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--region");
    }

    @Test
    void help_and_version_are_results() {
        assertThat(shell.run("--help").out()).contains("Usage: sigv4-client", "Examples", "Exit codes", "--presign");
        assertThat(shell.run("--help").out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(shell.run("--version").out()).matches("sigv4-client [0-9]+\\.[0-9]+\\..*\n");
    }

    @Test
    void help_is_as_wide_as_the_terminal_and_breaks_no_example() {
        Shell wide = shell.with(Map.of("COLUMNS", "100"));

        assertThat(wide.run("--help").out().lines())
                .anyMatch(line -> line.length() > 80)
                .allMatch(line -> line.length() <= 100);
        assertThat(shell.with(Map.of("COLUMNS", "20")).run("--help").out())
                .contains("  sigv4-client -d '{\"target\":\"lamp-1\",\"method\":\"add\",\"request\":[1,2]}' \\\n");
    }

    @Test
    void completion_is_printed_without_a_url() {
        Shell.Ended ended = shell.run("completion", "bash");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("complete ", "sigv4-client", "--targets");
        assertThat(shell.run("completion", "--help").out())
                .contains("Usage: sigv4-client completion")
                .doesNotContain("Credentials", "Signs an HTTP call");
    }

    @Test
    void reader_that_left_is_no_failure() {
        OutputStream gone = failing("Broken pipe");
        StringWriter err = new StringWriter();

        assertThat(shell.run(gone, err, server.url("/"))).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void full_disk_is_a_failure() {
        StringWriter err = new StringWriter();

        assertThat(shell.run(failing("No space left on device"), err, server.url("/")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("No space left on device");
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
