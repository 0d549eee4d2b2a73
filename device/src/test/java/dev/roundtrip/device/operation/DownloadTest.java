package dev.roundtrip.device.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a device fetches from a server which fails. */
class DownloadTest {
    private static final byte[] FILE = new byte[200_000];

    static {
        new Random(7).nextBytes(FILE);
    }

    private static final String SHA_256 =
            HexFormat.of().formatHex(Digest.sha256().digest(FILE));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path base;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FileServer server;

    private Download download(DownloadRules rules) {
        return new Download(base, rules, (file, execution) -> JobResult.succeeded(Map.of("file", file.toString())));
    }

    private Download download() {
        return download(rules(Duration.ofSeconds(20)));
    }

    private static DownloadRules rules(Duration idle) {
        return new DownloadRules(HttpClient.newHttpClient(), 1_000_000, 3, Duration.ofMillis(1), idle);
    }

    private TestExecution job(String directory, String name, String sha256) {
        return new TestExecution("{'operation':'download','url':'%s','directory':'%s','fileName':'%s','sha256':'%s'}"
                .formatted(server.url(), directory, name, sha256));
    }

    private TestExecution job() {
        return job("firmware/new", "pump.bin", SHA_256);
    }

    @BeforeEach
    void serve() throws Exception {
        server = new FileServer(FILE);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void assertFetched(JobResult result) throws Exception {
        Path file = base.resolve("firmware/new/pump.bin").toRealPath();
        assertThat(result).isEqualTo(JobResult.succeeded(Map.of("file", file.toString())));
        assertThat(Files.readAllBytes(file)).isEqualTo(FILE);
        try (Stream<Path> all = Files.list(file.resolveSibling("."))) {
            assertThat(all).hasSize(1);
        }
    }

    @Test
    void file_is_fetched_checked_and_put_where_it_belongs() throws Exception {
        assertFetched(download().handle(job()));

        assertFetched(download().handle(job()));
        assertThat(server.ranges).containsExactly("-");
    }

    @Test
    void download_goes_on_where_it_was_cut_off() throws Exception {
        server.faults.addAll(List.of("cut 50000", "503", "cut 30000"));

        assertFetched(download().handle(job()));

        assertThat(server.ranges).first().isEqualTo("-");
        assertThat(server.ranges.subList(1, server.ranges.size()))
                .allMatch(range -> range.matches("bytes=[1-9][0-9]*-"));
    }

    @Test
    void download_goes_on_after_a_restart() throws Exception {
        server.faults.addAll(List.of("cut 50000", "500", "500", "500"));
        assertThat(download().handle(job())).isInstanceOf(JobResult.Failed.class);

        assertFetched(download().handle(job()));

        assertThat(server.ranges).last().asString().startsWith("bytes=");
    }

    @Test
    void server_that_knows_no_ranges_sends_the_file_again() throws Exception {
        server.faults.addAll(List.of("cut 50000", "no-range"));

        assertFetched(download().handle(job()));
    }

    @Test
    void server_that_falls_silent_is_given_up_and_asked_again() throws Exception {
        server.faults.add("silent");

        assertFetched(download(rules(Duration.ofMillis(300))).handle(job()));
    }

    @Test
    void url_that_has_expired_is_replaced_by_a_new_one() throws Exception {
        server.faults.add("403");
        TestExecution execution = job();
        execution.fresh = TestExecution.json("{'url':'" + server.url() + "?new'}");

        assertFetched(download().handle(execution));
    }

    @Test
    void another_digest_fails_and_leaves_nothing() throws Exception {
        JobResult result = download().handle(job("", "pump.bin", "0".repeat(64)));

        assertThat(result).isInstanceOf(JobResult.Failed.class);
        assertThat(((JobResult.Failed) result).reason()).contains("SHA-256");
        try (Stream<Path> all = Files.list(base)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void wrong_digest_and_cuts_end_after_bounded_tries() throws Exception {
        for (int fault = 0; fault < 50; fault++) {
            server.faults.addAll(List.of("cut 50000", "none"));
        }

        JobResult result = download().handle(job("", "pump.bin", "0".repeat(64)));

        assertThat(((JobResult.Failed) result).reason()).contains("SHA-256");
        assertThat(server.ranges).hasSizeLessThan(10);
        try (Stream<Path> all = Files.list(base)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void server_that_sends_the_same_bytes_again_and_again_is_given_up() throws Exception {
        for (int fault = 0; fault < 50; fault++) {
            server.faults.addAll(List.of("no-range 50000", "no-range 60000"));
        }

        JobResult result = download().handle(job());

        assertThat(((JobResult.Failed) result).reason())
                .isEqualTo("the file cannot be fetched: the connection was lost");
        assertThat(server.ranges).hasSizeLessThan(10);
    }

    @Test
    void parts_of_downloads_that_were_given_up_do_not_pile_up() throws Exception {
        Files.createDirectories(base.resolve("firmware/new"));
        Files.write(base.resolve("firmware/new/.older.bin.0123456789abcdef.part"), new byte[70_000]);
        Files.write(base.resolve("firmware/new/.pump.bin.0123456789abcdef.part"), new byte[70_000]);

        assertFetched(download().handle(job()));
    }

    @Test
    void part_is_deleted_when_no_later_attempt_can_go_on_with_it() throws Exception {
        server.faults.addAll(List.of("cut 50000", "404"));

        assertThat(download().handle(job())).isEqualTo(JobResult.failed("the server answered 404"));

        try (Stream<Path> all = Files.list(base.resolve("firmware/new"))) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void damaged_part_of_an_earlier_attempt_is_fetched_anew() throws Exception {
        Files.createDirectories(base.resolve("firmware/new"));
        Files.write(base.resolve("firmware/new/.pump.bin." + SHA_256.substring(0, 16) + ".part"), new byte[70_000]);

        assertFetched(download().handle(job()));
    }

    @Test
    void file_that_is_too_long_or_not_there_has_failed() throws Exception {
        DownloadRules small =
                new DownloadRules(HttpClient.newHttpClient(), 1_000, 3, Duration.ofMillis(1), Duration.ofSeconds(9));
        assertThat(download(small).handle(job())).isEqualTo(JobResult.failed("the file is longer than 1000 bytes"));

        server.faults.add("404");
        assertThat(download().handle(job())).isEqualTo(JobResult.failed("the server answered 404"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "",
                " ",
                "../x",
                "a/b",
                "/etc/passwd",
                "C:x",
                "x\\\\y",
                "con",
                "NUL.txt",
                "con .txt",
                "CONIN$",
                "com1.bin",
                "x.",
                ".hidden",
                "x\\u0000y",
                "a\\nb"
            })
    void names_that_lead_elsewhere_are_rejected(String name) {
        assertThatThrownBy(() -> download().handle(job("", name, SHA_256))).isInstanceOf(JobRejectedException.class);
        if (!name.isEmpty() && !name.equals("a/b")) {
            assertThatThrownBy(() -> download().handle(job("x/" + name, "pump.bin", SHA_256)))
                    .isInstanceOf(JobRejectedException.class);
        }
        assertThat(server.ranges).isEmpty();
    }

    @Test
    void links_are_not_followed(@TempDir Path elsewhere) throws Exception {
        Files.createSymbolicLink(base.resolve("out"), elsewhere);
        Files.createSymbolicLink(base.resolve("pump.bin"), elsewhere.resolve("x"));
        Files.createSymbolicLink(
                base.resolve(".other.bin." + SHA_256.substring(0, 16) + ".part"), elsewhere.resolve("y"));

        assertThatThrownBy(() -> download().handle(job("out", "x", SHA_256))).isInstanceOf(JobRejectedException.class);
        assertThatThrownBy(() -> download().handle(job("", "pump.bin", SHA_256)))
                .isInstanceOf(JobRejectedException.class);
        assertThatThrownBy(() -> download().handle(job("", "other.bin", SHA_256)))
                .isInstanceOf(IOException.class);
        try (Stream<Path> all = Files.list(elsewhere)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void document_that_is_wrong_is_rejected_without_its_url() {
        for (String document : List.of(
                "{}",
                "{'url':'file:///etc/passwd','fileName':'x','sha256':'" + SHA_256 + "'}",
                "{'url':'https://secret with blanks','fileName':'x','sha256':'" + SHA_256 + "'}",
                "{'url':'https://x/y','fileName':'x','sha256':'12'}",
                "{'url':'https://x/y','fileName':'x','directory':7,'sha256':'" + SHA_256 + "'}")) {
            assertThatThrownBy(() -> download().handle(new TestExecution(document)))
                    .isInstanceOf(JobRejectedException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void cancelled_download_ends() {
        TestExecution execution = job();
        execution.isCancelled = true;

        assertThatThrownBy(() -> download().handle(execution)).isInstanceOf(InterruptedException.class);
    }
}
