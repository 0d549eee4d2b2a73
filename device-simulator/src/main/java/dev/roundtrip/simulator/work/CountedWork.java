package dev.roundtrip.simulator.work;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.util.Map;

/** Work that takes a while: the operation {@code work} with {@code steps} and {@code millis} for each. After each step
 * the service knows how far it is. A step that a power cut interrupts, or whose end the service does not know, is done
 * again: as many steps at most as the detail {@code restarts} says.
 *
 * @param done hears of each step that was done
 */
record CountedWork(Done done) implements JobHandler {
    private static final int MOST_STEPS = 1_000;
    private static final int LONGEST_STEP = 60_000;
    private static final int ALL = 100;
    private static final String DONE = "steps";
    private static final String RESTARTS = "restarts";

    /** Hears of steps. */
    @FunctionalInterface
    interface Done {
        /** @param step from 1 */
        void step(String jobId, int step);
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        int steps = number(execution.document(), "steps", 1, MOST_STEPS);
        int millis = number(execution.document(), "millis", 0, LONGEST_STEP);
        boolean isRestarted = execution.memory().containsKey(DONE);
        int before = Math.min(known(execution, DONE), steps);
        int restarts = isRestarted ? known(execution, RESTARTS) + 1 : 0;
        boolean isKnown = execution.remember(details(before, steps, restarts));
        for (int step = before + 1; isKnown && step <= steps; step++) {
            Thread.sleep(millis);
            done.step(execution.jobId(), step);
            isKnown = execution.remember(details(step, steps, restarts));
        }
        return isKnown ? JobResult.succeeded() : JobResult.stopped();
    }

    private static Map<String, String> details(int done, int steps, int restarts) {
        return Map.of(
                DONE,
                Integer.toString(done),
                "percent",
                Integer.toString(done * ALL / steps),
                RESTARTS,
                Integer.toString(restarts));
    }

    private static int known(JobExecution execution, String detail) {
        String value = execution.memory().getOrDefault(detail, "0");
        return value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
    }

    private static int number(JsonNode document, String member, int least, int most) throws JobRejectedException {
        JsonNode value = document.path(member);
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            throw new JobRejectedException("the document's " + member + " must be " + least + " to " + most);
        }
        return value.intValue();
    }
}
