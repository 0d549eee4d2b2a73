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

/** Gives the device a new key and certificate: the operation {@code rotate-certificate}. The device connects with the
 * new one before it gives the old one up, and the job succeeds on a connection with the new one. The old certificate is
 * for the caller of the job to deactivate.
 */
public final class RotateCertificate implements JobHandler {
    /** Which certificate is being adopted. */
    private static final String ADOPTS = "certificateId";

    private final CertificatePort port;

    /** @param port the device's identity */
    public RotateCertificate(CertificatePort port) {
        this.port = port;
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        String before = execution.memory().get(ADOPTS);
        if (before != null) {
            return port.uses(before)
                    ? JobResult.succeeded()
                    : JobResult.failed("the device restarted, and uses the old certificate");
        }
        String fingerprint = fingerprint(port.issue(port.request()));
        if (!port.connects()) {
            return JobResult.failed("the device cannot connect with the new certificate, and keeps the old one");
        }
        if (!execution.remember(Map.of(ADOPTS, fingerprint))) {
            return JobResult.failed("stopped");
        }
        port.adopt();
        port.restart();
        return JobResult.resumesAfterRestart();
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
