package dev.roundtrip.local.iot.job;

import static dev.roundtrip.local.iot.job.ExecutionStatus.CANCELED;
import static dev.roundtrip.local.iot.job.ExecutionStatus.FAILED;
import static dev.roundtrip.local.iot.job.ExecutionStatus.IN_PROGRESS;
import static dev.roundtrip.local.iot.job.ExecutionStatus.QUEUED;
import static dev.roundtrip.local.iot.job.ExecutionStatus.REJECTED;
import static dev.roundtrip.local.iot.job.ExecutionStatus.REMOVED;
import static dev.roundtrip.local.iot.job.ExecutionStatus.SUCCEEDED;
import static dev.roundtrip.local.iot.job.ExecutionStatus.TIMED_OUT;

import java.util.Set;

/** Who may bring a job execution from which status to which one. What the table does not have is refused.
 *
 * <p>Source: AWS IoT developer guide, "Jobs and job execution states".
 */
final class ExecutionTransitions {
    private static final Set<Transition> TABLE = Set.of(
            new Transition(QUEUED, IN_PROGRESS, Actor.DEVICE),
            new Transition(QUEUED, SUCCEEDED, Actor.DEVICE),
            new Transition(QUEUED, FAILED, Actor.DEVICE),
            new Transition(QUEUED, REJECTED, Actor.DEVICE),
            new Transition(QUEUED, CANCELED, Actor.CANCELLATION),
            new Transition(QUEUED, CANCELED, Actor.FORCED_CANCELLATION),
            new Transition(QUEUED, REMOVED, Actor.REMOVAL),
            new Transition(IN_PROGRESS, IN_PROGRESS, Actor.DEVICE),
            new Transition(IN_PROGRESS, SUCCEEDED, Actor.DEVICE),
            new Transition(IN_PROGRESS, FAILED, Actor.DEVICE),
            new Transition(IN_PROGRESS, REJECTED, Actor.DEVICE),
            new Transition(IN_PROGRESS, TIMED_OUT, Actor.TIMER),
            new Transition(IN_PROGRESS, CANCELED, Actor.FORCED_CANCELLATION),
            new Transition(IN_PROGRESS, REMOVED, Actor.REMOVAL));

    /** Who changes the status. */
    enum Actor {
        /** The thing, with UpdateJobExecution or StartNextPendingJobExecution. */
        DEVICE,
        /** The step timer or the in-progress timer. */
        TIMER,
        /** CancelJob or CancelJobExecution. */
        CANCELLATION,
        /** The same with {@code force}. */
        FORCED_CANCELLATION,
        /** The thing was deleted, or is no longer a target. */
        REMOVAL
    }

    private record Transition(ExecutionStatus from, ExecutionStatus to, Actor actor) {}

    private ExecutionTransitions() {}

    static boolean may(ExecutionStatus from, ExecutionStatus to, Actor actor) {
        return TABLE.contains(new Transition(from, to, actor));
    }
}
