package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Carries out documents of the AWS IoT Device Client by handlers in code. A document with a handler that is not
 * registered is rejected before its first step. Describe it first, then give it to {@code jobs.onOther(…)}.
 *
 * <pre>{@code
 * Steps steps = new Steps().on("echo", step -> StepOutcome.done(String.join(" ", step.arguments())));
 * device.jobs(jobs -> jobs.onOther(steps));
 * }</pre>
 */
public final class Steps implements JobHandler {
    /** Source: AWS IoT Jobs, the longest value of a status detail. */
    private static final int MAX_VALUE = 1024;

    /** How many steps a restart need not repeat. */
    private static final String DONE = "stepsDone";

    private final Map<String, StepHandler> handlers = new HashMap<>();

    /** Runs steps of this handler, and commands whose first word this is.
     *
     * @throws IllegalArgumentException when there is one already
     */
    public Steps on(String handler, StepHandler runs) {
        if (handlers.putIfAbsent(handler, runs) != null) {
            throw new IllegalArgumentException("there are two handlers '" + handler + "'");
        }
        return this;
    }

    /** A step and its handler. */
    private record Bound(StepDocument.Action action, StepHandler handler) {}

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        if (!StepDocument.claims(execution.document())) {
            throw new JobRejectedException("the document has neither 'operation' nor 'steps'");
        }
        StepDocument document = StepDocument.read(execution.document());
        Map<Integer, Bound> steps = new LinkedHashMap<>();
        for (StepDocument.Action action : document.actions()) {
            steps.put(steps.size(), bound(action));
        }
        StepDocument.Action last = document.last();
        if (last != null) {
            steps.put(steps.size(), bound(last));
        }
        return run(List.copyOf(steps.values()), document.includesOutput(), execution);
    }

    private Bound bound(StepDocument.Action action) throws JobRejectedException {
        StepHandler handler = handlers.get(action.handler());
        if (handler == null) {
            throw new JobRejectedException("the handler '" + action.handler() + "' is unknown; this device knows "
                    + String.join(", ", new TreeSet<>(handlers.keySet())));
        }
        return new Bound(action, handler);
    }

    private static JobResult run(List<Bound> steps, boolean includesOutput, JobExecution execution)
            throws InterruptedException {
        StringBuilder output = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        for (int number = done(execution); number < steps.size(); number++) {
            StepDocument.Action action = steps.get(number).action();
            StepOutcome outcome = outcome(steps.get(number), execution);
            if (!(outcome instanceof StepOutcome.Ran ran)) {
                return JobResult.resumesAfterRestart();
            }
            output.append(ran.output());
            errors.append(ran.errors());
            String failure = failure(ran, action.allowedErrors());
            if (failure != null && !action.ignoresFailure()) {
                return JobResult.failed(failure, said(output, errors, includesOutput));
            }
            if (number + 1 < steps.size() && !execution.remember(Map.of(DONE, Integer.toString(number + 1)))) {
                return JobResult.failed("stopped");
            }
        }
        return JobResult.succeeded(said(output, errors, includesOutput));
    }

    private static int done(JobExecution execution) {
        String done = execution.memory().getOrDefault(DONE, "0");
        return done.matches("[0-9]{1,4}") ? Integer.parseInt(done) : 0;
    }

    private static StepOutcome outcome(Bound step, JobExecution execution) throws InterruptedException {
        StepDocument.Action action = step.action();
        try {
            return step.handler()
                    .run(new Step(action.name(), action.handler(), action.arguments(), action.user(), execution));
        } catch (InterruptedException ended) {
            throw ended;
        } catch (Exception | Error defect) {
            return StepOutcome.failed(
                    1, "the handler broke: " + defect.getClass().getName());
        }
    }

    private static @Nullable String failure(StepOutcome.Ran ran, @Nullable Integer allowedErrors) {
        if (ran.status() != 0) {
            return "Exited with status: " + ran.status();
        }
        return allowedErrors != null && ran.errors().lines().count() > allowedErrors
                ? "more than " + allowedErrors + " lines of errors"
                : null;
    }

    private static Map<String, String> said(CharSequence output, CharSequence errors, boolean includesOutput) {
        Map<String, String> said = new HashMap<>();
        if (includesOutput) {
            said.put("stdout", end(output.toString()));
        }
        if (!errors.isEmpty()) {
            said.put("stderr", end(errors.toString()));
        }
        return said;
    }

    private static String end(String text) {
        return text.substring(Math.max(0, text.length() - MAX_VALUE));
    }
}
