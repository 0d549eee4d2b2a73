package dev.roundtrip.device.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.operation.Download;
import dev.roundtrip.device.operation.FileServer;
import dev.roundtrip.protocol.Json;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deadline that a job gives itself, where the file of a download comes too slowly. */
class SlowDownloadTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final byte[] file = new byte[200_000];

    SlowDownloadTest() {
        new Random(3).nextBytes(file);
    }

    @Test
    void server_that_trickles_is_given_up_at_the_deadline_and_a_later_job_goes_on(@TempDir Path base) throws Exception {
        // given
        PlayedJobs service = new PlayedJobs();
        JobTable table =
                new JobBuilder(Json.mapper()).on("download", new Download(base)).table();
        DeviceJobs device = new DeviceJobs("pump", table, service, trouble -> {});
        try (FileServer server = new FileServer(file)) {
            server.faults.add("trickle 50000");
            String document = "{'operation':'download','url':'%s','fileName':'x','sha256':'%s'"
                    .formatted(
                            server.url(),
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(file)));

            // when
            service.create("slow", document + ",'timeoutSeconds':1}");
            service.connect(device);
            await().atMost(LONG).until(() -> service.status("slow").equals("FAILED"));
            service.create("again", document + "}");
            await().atMost(LONG).until(() -> service.status("again").equals("SUCCEEDED"));

            // then
            assertThat(service.details("slow").path("reason").asText())
                    .isEqualTo("the device's own deadline has passed");
            assertThat(service.details("slow").path("bytes").asLong()).isBetween(1L, 60_000L);
            assertThat(server.ranges).last().asString().matches("bytes=5[0-9]{4}-");
            assertThat(base.resolve("x")).hasBinaryContent(file);
        } finally {
            device.close();
        }
    }
}
