package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobResult;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the device a new key and certificate: the operation {@code rotate-certificate}. The device connects with the
 * new one before it gives the old one up, and the job succeeds on a connection with the new one. The old certificate, or
 * after a failure the new one, is for the caller of the job to deactivate: {@code certificateId} in the status details
 * names the new one.
 */
public final class RotateCertificate implements JobHandler {
    /** The status detail with the id of the new certificate: the one that is being adopted, or that a job which has
     * failed left over.
     */
    private static final String CERTIFICATE = "certificateId";

    private final CertificatePort port;

    /** @param port the device's identity */
    public RotateCertificate(CertificatePort port) {
        this.port = port;
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        String before = execution.memory().get(CERTIFICATE);
        if (before != null) {
            return afterRestart(before);
        }
        String fingerprint;
        try {
            fingerprint = fingerprint(port.issue(port.request()));
        } catch (RotationFailedException refused) {
            return isDiscarded()
                    ? keptTheOldOne(String.valueOf(refused.getMessage()), refused.certificateId())
                    : JobResult.resumesAfterRestart();
        } catch (Exception failed) {
            boolean unused = isDiscarded();
            throw failed;
        }
        if (!port.connects()) {
            return keepsTheOldOne(
                    "the device cannot connect with the new certificate, or not subscribe to its jobs", fingerprint);
        }
        return execution.remember(Map.of(CERTIFICATE, fingerprint)) ? adopt(fingerprint) : JobResult.stopped();
    }

    /** A power cut before the adoption, or in the middle of it, delays it. */
    private JobResult afterRestart(String fingerprint) throws Exception {
        if (port.uses(fingerprint)) {
            return JobResult.succeeded();
        }
        return port.keeps(fingerprint)
                ? adopt(fingerprint)
                : keepsTheOldOne("the new certificate is gone", fingerprint);
    }

    private JobResult adopt(String fingerprint) throws Exception {
        try {
            port.adopt();
        } catch (Exception failed) {
            if (isDiscarded()) {
                return keptTheOldOne("the new certificate cannot be put in its place", fingerprint);
            }
        }
        try {
            port.restart();
        } catch (Exception later) {
            // The next start uses the new certificate, whenever it comes, and tells the service then.
        }
        return JobResult.resumesAfterRestart();
    }

    /** Says that the job has failed only where no later start uses the new certificate. */
    private JobResult keepsTheOldOne(String reason, String fingerprint) throws Exception {
        return isDiscarded() ? keptTheOldOne(reason, fingerprint) : JobResult.resumesAfterRestart();
    }

    /** The service may have a certificate that nobody uses: the record names it, for whoever deactivates it. */
    private static JobResult keptTheOldOne(String reason, @Nullable String leftOver) {
        return JobResult.failed(
                reason + "; the device keeps the old one", leftOver == null ? Map.of() : Map.of(CERTIFICATE, leftOver));
    }

    private boolean isDiscarded() {
        try {
            return port.discard();
        } catch (Exception unknown) {
            return false;
        }
    }

    /** The certificate id, as AWS IoT Core names it.
     *
     * @param certificate PEM
     * @throws CertificateException when it is none
     */
    public static String fingerprint(String certificate) throws CertificateException {
        byte[] der = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)))
                .getEncoded();
        return HexFormat.of().formatHex(Digest.sha256().digest(der));
    }
}
