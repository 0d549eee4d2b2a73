package dev.roundtrip.simulator.work;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.util.Map;

/** Work that takes a while: the operation {@code work} with {@code steps} and {@code millis} for each. After each step
 * the service knows how far it is, and a restart repeats no step.
 */
final class CountedWork implements JobHandler {
    private static final int MOST_STEPS = 1_000;
    private static final int LONGEST_STEP = 60_000;
    private static final int ALL = 100;
    private static final String DONE = "steps";

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        int steps = number(execution.document(), "steps", 1, MOST_STEPS);
        int millis = number(execution.document(), "millis", 0, LONGEST_STEP);
        String before = execution.memory().getOrDefault(DONE, "0");
        for (int done = before.matches("[0-9]{1,4}") ? Integer.parseInt(before) : 0; done < steps; done++) {
            Thread.sleep(millis);
            if (!execution.remember(
                    Map.of(DONE, Integer.toString(done + 1), "percent", Integer.toString((done + 1) * ALL / steps)))) {
                return JobResult.stopped();
            }
        }
        return JobResult.succeeded();
    }

    private static int number(JsonNode document, String member, int least, int most) throws JobRejectedException {
        JsonNode value = document.path(member);
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            throw new JobRejectedException("the document's " + member + " must be " + least + " to " + most);
        }
        return value.intValue();
    }
}
