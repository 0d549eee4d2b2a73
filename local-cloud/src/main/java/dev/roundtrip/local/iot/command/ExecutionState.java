package dev.roundtrip.local.iot.command;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/** Where an execution stands: its status, and for TIMED_OUT whether the cloud or the device said so.
 *
 * <p>Source: AWS IoT developer guide, "Command execution status", 2026.
 */
enum ExecutionState {
    CREATED(ExecutionStatus.CREATED),
    IN_PROGRESS(ExecutionStatus.IN_PROGRESS),
    /** The time is over, and the device has not said how it ended: it still may. */
    OVERDUE(ExecutionStatus.TIMED_OUT),
    SUCCEEDED(ExecutionStatus.SUCCEEDED),
    FAILED(ExecutionStatus.FAILED),
    REJECTED(ExecutionStatus.REJECTED),
    /** The device says that it took too long. */
    TIMED_OUT(ExecutionStatus.TIMED_OUT);

    private static final Map<ExecutionStatus, ExecutionState> ENDS = Map.of(
            ExecutionStatus.SUCCEEDED, SUCCEEDED,
            ExecutionStatus.FAILED, FAILED,
            ExecutionStatus.REJECTED, REJECTED,
            ExecutionStatus.TIMED_OUT, TIMED_OUT);

    private static final Map<ExecutionStatus, ExecutionState> PROGRESS_OR_END = Map.of(
            ExecutionStatus.IN_PROGRESS, IN_PROGRESS,
            ExecutionStatus.SUCCEEDED, SUCCEEDED,
            ExecutionStatus.FAILED, FAILED,
            ExecutionStatus.REJECTED, REJECTED,
            ExecutionStatus.TIMED_OUT, TIMED_OUT);

    /** What becomes of a state when the device reports a status; what is not here is refused. */
    private static final Map<ExecutionState, Map<ExecutionStatus, ExecutionState>> REPORTED = Map.ofEntries(
            entry(CREATED, PROGRESS_OR_END),
            entry(IN_PROGRESS, PROGRESS_OR_END),
            entry(OVERDUE, ENDS),
            entry(SUCCEEDED, Map.of()),
            entry(FAILED, Map.of()),
            entry(REJECTED, Map.of()),
            entry(TIMED_OUT, Map.of()));

    private final ExecutionStatus status;

    ExecutionState(ExecutionStatus status) {
        this.status = status;
    }

    /** What everybody is told. */
    ExecutionStatus status() {
        return status;
    }

    /** The state after a device's report; empty when it may not report this. */
    Optional<ExecutionState> reported(ExecutionStatus report) {
        return Optional.ofNullable(of(this).get(report));
    }

    private static Map<ExecutionStatus, ExecutionState> of(ExecutionState state) {
        return REPORTED.getOrDefault(state, Map.of());
    }

    /** Whether nothing follows. */
    boolean isTerminal() {
        return of(this).isEmpty();
    }

    /** Whether its time runs. */
    boolean isRunning() {
        return this == CREATED || this == IN_PROGRESS;
    }
}
