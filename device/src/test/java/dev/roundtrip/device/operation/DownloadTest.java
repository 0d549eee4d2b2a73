package dev.roundtrip.device.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        return rules(1_000_000, idle, Duration.ofMinutes(1));
    }

    private static DownloadRules rules(long maxBytes, Duration idle, Duration longest) {
        return new DownloadRules(DownloadRules.standard().client(), maxBytes, 3, Duration.ofMillis(1), idle, longest);
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
        assertThat(files()).containsExactly(file);
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> all = Files.walk(base)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private Path part() throws Exception {
        Path part = base.resolve(".parts").resolve(SHA_256);
        Files.createDirectories(part.getParent());
        return part;
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
    void server_that_trickles_is_given_up_and_the_part_is_kept_and_told() throws Exception {
        server.faults.addAll(List.of("trickle 50000", "trickle 0", "trickle 0", "trickle 0"));

        JobResult result = download(rules(Duration.ofMillis(300))).handle(job());

        JobResult.Failed failed = (JobResult.Failed) result;
        assertThat(failed.reason()).isEqualTo("the file cannot be fetched: fewer than 1024 bytes came in 300 ms");
        assertThat(failed.details()).containsEntry("bytes", Long.toString(Files.size(part())));
        assertThat(Files.size(part())).isBetween(50_000L, 60_000L);
        assertThat(server.ranges).hasSize(4);

        assertFetched(download().handle(job()));
        assertThat(server.ranges).last().asString().matches("bytes=5[0-9]{4}-");
    }

    @Test
    void download_that_takes_too_long_is_given_up_however_much_came() throws Exception {
        server.faults.add("trickle 50000");

        JobResult result = download(rules(1_000_000, Duration.ofMinutes(1), Duration.ofMillis(300)))
                .handle(job());

        assertThat(((JobResult.Failed) result).reason()).isEqualTo("the file did not come in 300 ms");
        assertThat(Files.size(part())).isGreaterThanOrEqualTo(50_000);
    }

    @Test
    void download_that_the_deadline_of_its_job_interrupts_ends_and_goes_on_later() throws Exception {
        server.faults.add("trickle 50000");
        CompletableFuture<Exception> ended = new CompletableFuture<>();
        Thread handler = Thread.ofVirtual().start(() -> {
            try {
                ended.completeExceptionally(new AssertionError(download().handle(job())));
            } catch (Exception interrupted) {
                ended.complete(interrupted);
            }
        });
        await().until(() -> Files.exists(part()) && Files.size(part()) >= 50_000);

        handler.interrupt();

        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOfAny(InterruptedException.class, IOException.class);
        assertFetched(download().handle(job()));
        assertThat(server.ranges).last().asString().matches("bytes=5[0-9]{4}-");
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
        assertThat(files()).isEmpty();
    }

    @Test
    void wrong_digest_and_cuts_end_after_bounded_tries() throws Exception {
        for (int fault = 0; fault < 50; fault++) {
            server.faults.addAll(List.of("cut 50000", "none"));
        }

        JobResult result = download().handle(job("", "pump.bin", "0".repeat(64)));

        assertThat(((JobResult.Failed) result).reason()).contains("SHA-256");
        assertThat(server.ranges).hasSizeLessThan(10);
        assertThat(files()).isEmpty();
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
    void parts_of_downloads_that_were_given_up_do_not_pile_up_over_directories() throws Exception {
        for (int number = 0; number < 20; number++) {
            server.faults.addAll(List.of("cut 50000", "500", "500", "500"));
            String otherDigest = "%064x".formatted(number);
            assertThat(download().handle(job("directory-" + number, "pump.bin", otherDigest)))
                    .isInstanceOf(JobResult.Failed.class);
        }

        assertThat(files()).hasSize(8);
    }

    @Test
    void part_that_nothing_came_for_in_a_week_is_deleted() throws Exception {
        Path old = Files.write(part().resolveSibling("old"), new byte[1]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));

        assertFetched(download().handle(job()));
    }

    @ParameterizedTest
    @CsvSource({"1000,7", "400000,2", "1000000,1"})
    void parts_of_other_downloads_are_bounded_in_number_and_in_bytes(int size, int kept) throws Exception {
        Path newest = part().resolveSibling("older-0");
        for (int number = 0; number < 20; number++) {
            Path old = Files.write(newest.resolveSibling("older-" + number), new byte[size]);
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(number)));
        }

        new KeptParts(base).makeRoom(part(), 1_000_000);

        assertThat(files()).hasSize(kept).contains(newest);
    }

    @Test
    void part_is_deleted_when_no_later_attempt_can_go_on_with_it() throws Exception {
        server.faults.addAll(List.of("cut 50000", "404"));

        assertThat(download().handle(job())).isEqualTo(JobResult.failed("the server answered 404"));

        assertThat(files()).isEmpty();
    }

    @Test
    void damaged_part_of_an_earlier_attempt_is_fetched_anew() throws Exception {
        Files.write(part(), new byte[70_000]);

        assertFetched(download().handle(job()));
    }

    @Test
    void file_that_is_too_long_or_not_there_has_failed() throws Exception {
        DownloadRules small = rules(1_000, Duration.ofSeconds(9), Duration.ofMinutes(1));
        assertThat(download(small).handle(job())).isEqualTo(JobResult.failed("the file is longer than 1000 bytes"));

        server.faults.add("404");
        assertThat(download().handle(job())).isEqualTo(JobResult.failed("the server answered 404"));
    }

    @Test
    void file_that_is_there_stays_as_it_is_when_the_new_one_cannot_be_fetched() throws Exception {
        Path file = Files.writeString(base.resolve("pump.bin"), "older");
        server.faults.addAll(List.of("cut 50000", "404"));

        assertThat(download().handle(job("", "pump.bin", SHA_256))).isInstanceOf(JobResult.Failed.class);
        assertThat(download().handle(job("", "pump.bin", "0".repeat(64)))).isInstanceOf(JobResult.Failed.class);

        assertThat(file).hasContent("older");
        assertThat(files()).containsExactly(file);
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
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void nothing_is_made_when_a_later_name_or_member_is_refused() {
        for (String document : List.of(
                "'directory':'a/b','fileName':'..','url':'%s','sha256':'%s'",
                "'directory':'a/../b','fileName':'x','url':'%s','sha256':'%s'",
                "'directory':'a/b','fileName':'x','url':'%s','sha256':'%s0'",
                "'directory':'a/b','fileName':'x','url':'ftp:%s','sha256':'%s'")) {
            TestExecution execution = new TestExecution("{" + document.formatted(server.url(), SHA_256) + "}");
            Download download = new Download(base.resolve("files"));

            assertThatThrownBy(() -> download.handle(execution)).isInstanceOf(JobRejectedException.class);
        }
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void links_are_not_followed(@TempDir Path elsewhere) throws Exception {
        Files.createSymbolicLink(base.resolve("out"), elsewhere);
        Files.createSymbolicLink(base.resolve("pump.bin"), elsewhere.resolve("x"));
        Files.createSymbolicLink(part(), elsewhere.resolve("y"));

        assertThatThrownBy(() -> download().handle(job("out", "x", SHA_256))).isInstanceOf(JobRejectedException.class);
        assertThatThrownBy(() -> download().handle(job("", "pump.bin", SHA_256)))
                .isInstanceOf(JobRejectedException.class);
        assertThatThrownBy(() -> download().handle(job("", "other.bin", SHA_256)))
                .isInstanceOf(JobRejectedException.class);
        assertThatThrownBy(() -> download().handle(job("a/b/c", "x", SHA_256)))
                .isInstanceOf(JobRejectedException.class);
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(base.resolve("a")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"firmware", "firmware/new", ".parts"})
    void directory_that_is_swapped_for_a_link_in_between_is_not_followed(String name, @TempDir Path elsewhere)
            throws Exception {
        Files.createDirectories(elsewhere.resolve("new"));
        Path swapped = base.resolve(name);
        server.inBetween = () -> {
            try {
                Files.move(swapped, base.resolve("moved"));
                Files.createSymbolicLink(swapped, elsewhere);
            } catch (IOException unexpected) {
                throw new UncheckedIOException(unexpected);
            }
        };

        assertThatThrownBy(() -> download().handle(job())).isInstanceOf(JobRejectedException.class);

        try (Stream<Path> all = Files.walk(elsewhere)) {
            assertThat(all).noneMatch(Files::isRegularFile);
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

    @Test
    void all_devices_of_a_process_share_one_client() {
        assertThat(DownloadRules.standard().client())
                .isSameAs(DownloadRules.standard().client());
    }
}
