package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.util.Map;
import java.util.TreeSet;

/** Resets the device: the operation {@code reset} with {@code kind}. The service knows that it begins before it does,
 * and the job succeeds when the device is there again.
 */
public final class Reset implements JobHandler {
    private static final String RESETTING = "resetting";

    private final ResetPort port;

    /** @param port resets */
    public Reset(ResetPort port) {
        this.port = port;
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        String kind = execution.document().path("kind").asText();
        if (!port.kinds().contains(kind)) {
            throw new JobRejectedException(
                    "the document's kind must be one of " + String.join(", ", new TreeSet<>(port.kinds())));
        }
        if (execution.memory().containsKey(RESETTING)) {
            return JobResult.succeeded();
        }
        if (!execution.remember(Map.of(RESETTING, kind))) {
            return JobResult.failed("stopped");
        }
        port.reset(kind);
        return JobResult.resumesAfterRestart();
    }
}
