package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.DeviceJobs;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the device a new key and certificate: the operation {@code rotate-certificate}. The device connects with the
 * new one before it gives the old one up, and the job succeeds on a connection with the new one. The status detail
 * {@code certificateId} names the new one. Whoever created the job deactivates the old one, or the new one where the
 * job has failed; and those of the detail {@code leftOver}, which may be active and which nobody uses.
 */
public final class RotateCertificate implements JobHandler {
    /** The status detail with the id of the new certificate: the one that is tried or adopted, or that a job which has
     * failed left over.
     */
    private static final String CERTIFICATE = "certificateId";

    /** The status detail with the ids of certificates that earlier tries were cut off with, with a space between. */
    private static final String LEFT_OVER = "leftOver";

    /** How many ids a detail has room for. */
    private static final int MOST_LEFT_OVER = 15;

    private final CertificatePort port;

    /** @param port the device's identity */
    public RotateCertificate(CertificatePort port) {
        this.port = port;
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        String before = execution.memory().get(CERTIFICATE);
        if (before != null) {
            return afterRestart(before, execution);
        }
        String leftOver = port.leftOver();
        if (leftOver != null) {
            if (!execution.remember(named(leftOver, execution))) {
                return JobResult.stopped();
            }
            boolean unused = isDiscarded();
        }
        String issued;
        try {
            issued = fingerprint(port.issue(port.request()));
        } catch (RotationFailedException refused) {
            return keepsTheOldOne(String.valueOf(refused.getMessage()), refused.certificateId());
        } catch (Exception failed) {
            return notIssued(failed, execution);
        }
        // The record names the certificate before anything else can go wrong with it.
        return execution.remember(Map.of(CERTIFICATE, issued)) ? tried(issued, execution) : JobResult.stopped();
    }

    /** What an interrupt leaves aside stays there: the next start, or the next rotation, names it. */
    private JobResult notIssued(Exception failed, JobExecution execution) throws Exception {
        String leftOver = port.leftOver();
        if (isStopped(failed, execution)) {
            if (leftOver != null) {
                execution.progress(named(leftOver, execution));
            }
            throw failed;
        }
        return keepsTheOldOne("no certificate was made: " + failed.getClass().getName(), leftOver);
    }

    private static Map<String, String> named(String leftOver, JobExecution execution) {
        String before = execution.memory().getOrDefault(LEFT_OVER, "");
        List<String> all = new ArrayList<>(List.of(before.split(" ", -1)));
        all.removeIf(each -> each.isEmpty() || each.equals(leftOver));
        all.add(leftOver);
        return Map.of(LEFT_OVER, String.join(" ", all.subList(Math.max(0, all.size() - MOST_LEFT_OVER), all.size())));
    }

    /** A power cut before the adoption, or in the middle of it, delays it. */
    private JobResult afterRestart(String fingerprint, JobExecution execution) throws Exception {
        boolean isAdopted;
        try {
            isAdopted = port.uses(fingerprint);
        } catch (Exception unknown) {
            return JobResult.resumesAfterRestart();
        }
        return isAdopted ? JobResult.succeeded() : tried(fingerprint, execution);
    }

    private JobResult tried(String fingerprint, JobExecution execution) throws Exception {
        String trouble;
        try {
            trouble = !port.keeps(fingerprint)
                    ? "the new certificate is gone"
                    : port.connects()
                            ? ""
                            : "the device cannot connect with the new certificate, or not subscribe to its jobs";
        } catch (Exception failed) {
            if (isStopped(failed, execution)) {
                throw failed;
            }
            trouble =
                    "the new certificate cannot be tried: " + failed.getClass().getName();
        }
        if (!trouble.isEmpty()) {
            return keepsTheOldOne(trouble, fingerprint);
        }
        // The trial took the place of the device's connection: whether the job still stands, the service says.
        return execution.remember(Map.of(CERTIFICATE, fingerprint)) ? adopt(fingerprint) : JobResult.stopped();
    }

    /** An interrupt may come out of a port as any exception. */
    private static boolean isStopped(Exception failed, JobExecution execution) {
        return failed instanceof InterruptedException || execution.isCancelled();
    }

    private JobResult adopt(String fingerprint) {
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
    private JobResult keepsTheOldOne(String reason, @Nullable String leftOver) {
        return isDiscarded() ? keptTheOldOne(reason, leftOver) : JobResult.resumesAfterRestart();
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

    /** The topic filters to which a device must be able to subscribe with its new certificate: without one of them it
     * never becomes ready again, and the job would never end.
     *
     * @param device its name
     */
    public static List<String> filters(Target device) {
        List<String> filters = new ArrayList<>(DeviceJobs.filters(device.value()));
        filters.add(Route.requestsTo(device));
        return filters;
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
