package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final Map<String, StepHandler> handlers = new HashMap<>();

    /** Handlers whose steps are called again after a restart in the middle. */
    private final Set<String> resuming = new HashSet<>();

    /** Runs steps of this handler, and commands whose first word this is. A step that a power cut or a kill ended is
     * not run again: nobody knows what it has done, and the job has failed.
     *
     * @throws IllegalArgumentException when there is one already
     */
    public Steps on(String handler, StepHandler runs) {
        if (handlers.putIfAbsent(handler, runs) != null) {
            throw new IllegalArgumentException("there are two handlers '" + handler + "'");
        }
        return this;
    }

    /** The same, and a step that a restart ended is called again, with {@link Step#isResumed}: for what may be done
     * twice, and for what restarts the device, such as a reboot.
     *
     * @throws IllegalArgumentException when there is one already
     */
    public Steps onResuming(String handler, StepHandler runs) {
        resuming.add(handler);
        return on(handler, runs);
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

    private JobResult run(List<Bound> steps, boolean includesOutput, JobExecution execution)
            throws InterruptedException {
        StringBuilder output = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        StepMark before = StepMark.of(execution);
        if (before.isBegun() && before.number() < steps.size()) {
            StepDocument.Action cut = steps.get(before.number()).action();
            if (!resuming.contains(cut.handler())) {
                return JobResult.failed("interrupted: the step '" + cut.name()
                        + "' had begun before the device restarted, and may have been done in part");
            }
        }
        for (int number = before.number(); number < steps.size(); number++) {
            if (!execution.remember(StepMark.begun(number))) {
                return JobResult.stopped();
            }
            StepDocument.Action action = steps.get(number).action();
            boolean isResumed = before.isResumed() && number == before.number();
            StepOutcome outcome = outcome(steps.get(number), isResumed, execution);
            if (!(outcome instanceof StepOutcome.Ran ran)) {
                return execution.remember(StepMark.resumes(number))
                        ? JobResult.resumesAfterRestart()
                        : JobResult.stopped();
            }
            output.append(ran.output());
            errors.append(ran.errors());
            String failure = failure(ran, action.allowedErrors());
            if (failure != null && !action.ignoresFailure()) {
                return JobResult.failed(failure, said(output, errors, includesOutput));
            }
        }
        return JobResult.succeeded(said(output, errors, includesOutput));
    }

    private static StepOutcome outcome(Bound step, boolean isResumed, JobExecution execution)
            throws InterruptedException {
        StepDocument.Action action = step.action();
        try {
            return step.handler()
                    .run(new Step(
                            action.name(), action.handler(), action.arguments(), action.user(), isResumed, execution));
        } catch (InterruptedException ended) {
            throw ended;
        } catch (Exception | Error defect) {
            if (execution.isCancelled()) {
                // An interrupt may come out of a handler as any exception.
                throw new InterruptedException("the job is to end");
            }
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
