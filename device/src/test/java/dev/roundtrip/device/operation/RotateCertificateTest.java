package dev.roundtrip.device.operation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.device.job.JobResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new key and certificate for a device, in files. */
class RotateCertificateTest {
    /** Somebody's certificate, self-signed, of no use to anyone. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBdDCCARugAwIBAgIUVGNQnOvgyzZuVYSc7nl1dKK5/+wwCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEcHVtcDAgFw0yNjExMjgxMzA2MDRaGA8yMTI2MTEwNDEzMDYw
            NFowDzENMAsGA1UEAwwEcHVtcDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKOE
            clrSLSAS9ifeiGBgUReXWrfcCXnvYdhlXVq8kVRSaNSN12L4vsMLkck95Vo7jboQ
            H8rOeDuM/lcCwC7mLYejUzBRMB0GA1UdDgQWBBQR3INWF633gcJ7y8Ozp7pkLUVH
            wTAfBgNVHSMEGDAWgBQR3INWF633gcJ7y8Ozp7pkLUVHwTAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0cAMEQCIEmOGZPzBoGNxFMb5Eg3s1Mmv5K0h35jMJRD
            zVVI3HMOAiA8G9ZeTFy2TpxhaX0PRm3QjzFQQSLixynBjLe1PO1CZg==
            -----END CERTIFICATE-----
            """;

    private static final Map<String, String> NEW_ONE =
            Map.of("certificateId", "e38edea630a694a07413bd4a14a89efdb8b50955295346a105b49597c908c977");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private IdentityFiles files;

    private final List<String> done = new ArrayList<>();
    private boolean connects = true;
    private @Nullable Throwable cut;
    private @Nullable TestExecution cancelled;
    private boolean isUnreadable;
    private @Nullable Exception refusal;
    private boolean isFull;
    private boolean isMarkedOnly;

    private final class Identity implements CertificatePort {
        @Override
        public String request() throws IOException {
            CertificateRequest request = CertificateRequest.of("pump");
            files.keepAside(request);
            return request.text();
        }

        @Override
        public String issue(String request) throws Exception {
            if (refusal != null && !(refusal instanceof InterruptedException)) {
                throw refusal;
            }
            files.keepAside(CERTIFICATE);
            if (refusal != null) {
                throw refusal;
            }
            return CERTIFICATE;
        }

        @Override
        public boolean connects() throws Exception {
            done.add("connects");
            if (cut instanceof Exception failed) {
                throw failed;
            }
            if (cut != null) {
                throw new AssertionError(cut);
            }
            if (cancelled != null) {
                cancelled.isCancelled = true;
            }
            return connects;
        }

        @Override
        public void adopt() throws IOException {
            done.add("adopts");
            if (isMarkedOnly) {
                Files.writeString(directory.resolve("certificate.pem.adopting"), "");
                throw new IOException("the disk is full");
            }
            if (isFull) {
                throw new IOException("the disk is full");
            }
            files.adopt();
        }

        @Override
        public boolean discard() throws IOException {
            return files.discard();
        }

        @Override
        public @Nullable String leftOver() throws IOException {
            return files.leftOver();
        }

        @Override
        public void restart() {
            done.add("restarts");
        }

        @Override
        public boolean keeps(String fingerprint) throws IOException {
            return files.keeps(fingerprint);
        }

        @Override
        public boolean uses(String fingerprint) throws IOException {
            if (isUnreadable) {
                throw new IOException("the disk does not answer");
            }
            return files.uses(fingerprint);
        }
    }

    @BeforeEach
    void provision() throws IOException {
        files = new IdentityFiles(directory.resolve("certificate.pem"), directory.resolve("private.key"));
        Files.writeString(files.certificate(), "old");
        Files.writeString(files.key(), "old");
    }

    @Test
    void new_certificate_is_tried_adopted_and_confirmed_after_a_restart() throws Exception {
        RotateCertificate rotation = new RotateCertificate(new Identity());
        TestExecution execution = new TestExecution("{'operation':'rotate-certificate'}");

        assertThat(rotation.handle(execution)).isEqualTo(JobResult.resumesAfterRestart());
        assertThat(done).containsExactly("connects", "adopts", "restarts");
        assertThat(Files.readString(files.certificate())).isEqualTo(CERTIFICATE);
        assertThat(Files.readString(files.key())).startsWith("-----BEGIN PRIVATE KEY-----");

        assertThat(rotation.handle(execution.again())).isEqualTo(JobResult.succeeded());
        assertThat(done).hasSize(3);
    }

    @Test
    void certificate_that_does_not_connect_is_not_adopted() throws Exception {
        connects = false;

        assertThat(new RotateCertificate(new Identity()).handle(new TestExecution("{}")))
                .isInstanceOfSatisfying(
                        JobResult.Failed.class,
                        failed -> assertThat(failed.details()).isEqualTo(NEW_ONE));

        assertThat(Files.readString(files.certificate())).isEqualTo("old");
        assertThat(Files.readString(files.key())).isEqualTo("old");
        assertThat(files.newCertificate()).doesNotExist();
        assertThat(files.newKey()).doesNotExist();
    }

    @Test
    void refusal_is_told_with_the_certificate_that_is_left_over_and_leaves_no_key() throws Exception {
        refusal = new RotationFailedException("the service refuses", "0a1b");

        assertThat(new RotateCertificate(new Identity()).handle(new TestExecution("{}")))
                .isEqualTo(JobResult.failed(
                        "the service refuses; the device keeps the old one", Map.of("certificateId", "0a1b")));

        assertThat(files.newKey()).doesNotExist();
    }

    @Test
    void defect_of_the_maker_has_failed_and_leaves_no_key() throws Exception {
        refusal = new IOException("the disk is full");

        assertThat(new RotateCertificate(new Identity()).handle(new TestExecution("{}")))
                .isEqualTo(
                        JobResult.failed("no certificate was made: java.io.IOException; the device keeps the old one"));

        assertThat(files.newKey()).doesNotExist();
    }

    @Test
    void record_names_the_certificate_before_it_is_tried_and_a_power_cut_delays_the_trial() throws Exception {
        cut = new AssertionError("the power is cut");
        TestExecution execution = new TestExecution("{}");

        assertThatThrownBy(() -> new RotateCertificate(new Identity()).handle(execution))
                .isInstanceOf(AssertionError.class);

        assertThat(execution.details).isEqualTo(NEW_ONE);
        cut = null;
        assertThat(new RotateCertificate(new Identity()).handle(execution.again()))
                .isEqualTo(JobResult.resumesAfterRestart());
        assertThat(done).containsExactly("connects", "connects", "adopts", "restarts");
    }

    @Test
    void certificate_that_cannot_be_tried_is_not_adopted_and_the_record_names_it() throws Exception {
        cut = new IOException("no route");

        assertThat(new RotateCertificate(new Identity()).handle(new TestExecution("{}")))
                .isInstanceOfSatisfying(
                        JobResult.Failed.class,
                        failed -> assertThat(failed.details()).isEqualTo(NEW_ONE));

        assertThat(files.newCertificate()).doesNotExist();
        assertThat(files.newKey()).doesNotExist();
    }

    @Test
    void certificate_is_not_adopted_when_the_job_was_cancelled_during_the_trial() throws Exception {
        TestExecution execution = new TestExecution("{}");
        cancelled = execution;

        assertThat(new RotateCertificate(new Identity()).handle(execution)).isEqualTo(JobResult.stopped());

        assertThat(done).containsExactly("connects");
        assertThat(Files.readString(files.certificate())).isEqualTo("old");
    }

    @Test
    void certificate_that_a_power_cut_left_over_is_named_by_the_next_try() throws Exception {
        files.keepAside(CertificateRequest.of("pump"));
        files.keepAside(CERTIFICATE);
        refusal = new RotationFailedException("the service refuses", null);
        TestExecution execution = new TestExecution("{}", new HashMap<>(Map.of("leftOver", "0a1b")));

        assertThat(new RotateCertificate(new Identity()).handle(execution)).isInstanceOf(JobResult.Failed.class);

        assertThat(execution.details).isEqualTo(Map.of("leftOver", "0a1b " + NEW_ONE.get("certificateId")));
        assertThat(files.newCertificate()).doesNotExist();
    }

    @Test
    void certificate_of_an_interrupted_try_is_named_and_stays_for_the_next_one() {
        refusal = new InterruptedException("the deadline has passed");
        TestExecution execution = new TestExecution("{}");

        assertThatThrownBy(() -> new RotateCertificate(new Identity()).handle(execution))
                .isSameAs(refusal);

        assertThat(execution.details).containsOnly(Map.entry("leftOver", requireNonNull(NEW_ONE.get("certificateId"))));
        assertThat(files.newCertificate()).exists();
    }

    @Test
    void device_that_cannot_say_which_certificate_it_uses_says_nothing_before_its_next_start() throws Exception {
        isUnreadable = true;
        TestExecution execution = new TestExecution("{}", new HashMap<>(NEW_ONE));

        assertThat(new RotateCertificate(new Identity()).handle(execution)).isEqualTo(JobResult.resumesAfterRestart());
    }

    @Test
    void power_cut_while_a_key_is_written_leaves_nothing_after_the_next_start() throws Exception {
        Path half = Files.writeString(directory.resolve("private.key.new.tmp"), "-----BEGIN PRI");

        files.recover();

        assertThat(half).doesNotExist();
    }

    @Test
    void adoption_that_a_power_cut_delays_goes_on_and_does_not_count_as_failed() throws Exception {
        files.keepAside(CertificateRequest.of("pump"));
        files.keepAside(CERTIFICATE);
        TestExecution execution = new TestExecution("{}", new HashMap<>(NEW_ONE));

        assertThat(new RotateCertificate(new Identity()).handle(execution)).isEqualTo(JobResult.resumesAfterRestart());

        assertThat(Files.readString(files.certificate())).isEqualTo(CERTIFICATE);
        assertThat(done).containsExactly("connects", "adopts", "restarts");
        assertThat(new RotateCertificate(new Identity()).handle(execution.again()))
                .isEqualTo(JobResult.succeeded());
    }

    @Test
    void adoption_that_has_begun_and_cannot_end_now_does_not_count_as_failed() throws Exception {
        isMarkedOnly = true;
        TestExecution execution = new TestExecution("{}");

        assertThat(new RotateCertificate(new Identity()).handle(execution)).isEqualTo(JobResult.resumesAfterRestart());
        files.recover();

        assertThat(new RotateCertificate(new Identity()).handle(execution.again()))
                .isEqualTo(JobResult.succeeded());
    }

    @Test
    void adoption_that_cannot_begin_has_failed_and_no_start_makes_up_for_it() throws Exception {
        isFull = true;

        assertThat(new RotateCertificate(new Identity()).handle(new TestExecution("{}")))
                .isEqualTo(JobResult.failed(
                        "the new certificate cannot be put in its place; the device keeps the old one", NEW_ONE));
        files.recover();

        assertThat(Files.readString(files.certificate())).isEqualTo("old");
        assertThat(files.newCertificate()).doesNotExist();
        assertThat(files.newKey()).doesNotExist();
    }

    @Test
    void key_without_a_certificate_is_not_adopted() throws Exception {
        files.keepAside(CertificateRequest.of("pump"));

        assertThatThrownBy(() -> files.adopt()).isInstanceOf(IOException.class);

        files.recover();
        assertThat(Files.readString(files.key())).isEqualTo("old");
    }

    @Test
    void interrupt_of_the_thread_ends_no_adoption() throws Exception {
        files.keepAside(CertificateRequest.of("pump"));
        files.keepAside(CERTIFICATE);

        Thread.currentThread().interrupt();
        files.adopt();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(files.uses(RotateCertificate.fingerprint(CERTIFICATE))).isTrue();
    }

    @Test
    void power_cut_before_the_adoption_is_told() throws Exception {
        String fingerprint = RotateCertificate.fingerprint(CERTIFICATE);
        TestExecution execution = new TestExecution("{}", Map.of("certificateId", fingerprint));

        assertThat(new RotateCertificate(new Identity()).handle(execution)).isInstanceOf(JobResult.Failed.class);
        assertThat(Files.readString(files.certificate())).isEqualTo("old");
    }

    @Test
    void power_cut_between_the_two_files_is_mended_at_the_next_start() throws Exception {
        files.keepAside(CertificateRequest.of("pump"));
        files.keepAside(CERTIFICATE);
        Files.writeString(directory.resolve("certificate.pem.adopting"), "");
        Files.delete(files.key());
        Files.move(files.newKey(), files.key());

        files.recover();

        assertThat(Files.readString(files.certificate())).isEqualTo(CERTIFICATE);
        assertThat(directory.resolve("certificate.pem.adopting")).doesNotExist();
        files.recover();
        assertThat(files.uses(RotateCertificate.fingerprint(CERTIFICATE))).isTrue();
    }

    @Test
    void request_is_what_openssl_reads(@TempDir Path other) throws Exception {
        CertificateRequest request = CertificateRequest.of("pump-1");
        Path file = Files.writeString(other.resolve("request.pem"), request.text());

        Process openssl = new ProcessBuilder("openssl", "req", "-in", file.toString(), "-noout", "-verify", "-subject")
                .redirectErrorStream(true)
                .start();
        assertThat(openssl.waitFor(20, TimeUnit.SECONDS)).isTrue();

        assertThat(new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("OK", "pump-1");
        assertThat(request.toString()).doesNotContain("PRIVATE");
    }
}
