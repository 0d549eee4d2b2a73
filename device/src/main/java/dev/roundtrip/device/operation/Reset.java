package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.util.Map;
import java.util.TreeSet;

/** Resets the device: the operation {@code reset} with {@code kind}. The service knows that it begins before it does,
 * and the job succeeds when the device is there again and was reset. A reset that a power cut has ended begins again.
 */
public final class Reset implements JobHandler {
    /** Which kind of reset has begun. */
    private static final String RESETTING = "resetting";

    /** The generation before it. */
    private static final String GENERATION = "generation";

    /** How often it has begun. */
    private static final String ATTEMPTS = "attempts";

    /** Our choice: a device that a reset throws off its feet does not try for ever. */
    private static final int MOST_ATTEMPTS = 3;

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
        String now = port.generation(kind);
        String before = execution.memory().getOrDefault(GENERATION, now);
        if (!now.equals(before)) {
            return JobResult.succeeded();
        }
        int attempts = attempts(execution);
        if (attempts == MOST_ATTEMPTS) {
            return JobResult.failed(
                    "the reset began " + attempts + " times, and the device is the one that it was before");
        }
        Map<String, String> begun = Map.of(RESETTING, kind, GENERATION, now, ATTEMPTS, Integer.toString(attempts + 1));
        if (!execution.remember(begun)) {
            return JobResult.stopped();
        }
        port.reset(kind);
        return JobResult.resumesAfterRestart();
    }

    private static int attempts(JobExecution execution) {
        String attempts = execution.memory().getOrDefault(ATTEMPTS, "0");
        return attempts.matches("[0-" + MOST_ATTEMPTS + "]") ? Integer.parseInt(attempts) : MOST_ATTEMPTS;
    }
}
