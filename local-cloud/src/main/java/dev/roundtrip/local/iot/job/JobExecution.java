package dev.roundtrip.local.iot.job;

import java.util.Map;

/** A job execution: a job on a thing, once. Times are in milliseconds since the epoch. Immutable.
 *
 * @param thing the thing's name
 * @param number counts the executions of the job on the thing from 1
 * @param place where it stands in the queue of its thing: lower places come first, and none is given twice
 * @param version 1 when it is queued; each update adds 1
 * @param statusDetails from the thing; may be empty
 * @param startedAt 0 before it is started
 * @param timers what ends it while it is in progress
 * @param forceCanceled whether it was cancelled with {@code force}
 * @param retries how often it was tried again before
 */
record JobExecution(
        String thing,
        String jobId,
        long number,
        long place,
        long version,
        ExecutionStatus status,
        Map<String, String> statusDetails,
        long queuedAt,
        long startedAt,
        long lastUpdatedAt,
        Timers timers,
        boolean forceCanceled,
        Retries retries) {

    JobExecution {
        statusDetails = Map.copyOf(statusDetails);
    }

    /** Which execution.
     *
     * @param number counts from 1
     */
    record Id(String thing, String jobId, long number) {}

    /** When timers end it; 0 where none runs.
     *
     * @param stepEnd of the step timer
     * @param inProgressEnd of the in-progress timer
     */
    record Timers(long stepEnd, long inProgressEnd) {
        static final Timers NONE = new Timers(0, 0);

        /** The earlier of both; 0 when none runs. */
        long next() {
            return stepEnd == 0 || inProgressEnd == 0
                    ? Math.max(stepEnd, inProgressEnd)
                    : Math.min(stepEnd, inProgressEnd);
        }

        Timers withStep(long end) {
            return new Timers(end, inProgressEnd);
        }
    }

    /** How often an execution was tried again, by the kind of failure. */
    record Retries(int failed, int timedOut) {
        static final Retries NONE = new Retries(0, 0);

        /** Of both kinds. */
        int attempt() {
            return failed + timedOut;
        }
    }

    /** A new one. */
    static JobExecution queued(Id id, long place, long now, Retries retries) {
        return new JobExecution(
                id.thing(),
                id.jobId(),
                id.number(),
                place,
                1,
                ExecutionStatus.QUEUED,
                Map.of(),
                now,
                0,
                now,
                Timers.NONE,
                false,
                retries);
    }

    Id id() {
        return new Id(thing, jobId, number);
    }

    /** What an update changes.
     *
     * @param statusDetails replace those before
     * @param timers those that run afterwards, if it is not over
     */
    record Update(ExecutionStatus status, Map<String, String> statusDetails, Timers timers) {}

    /** One version later. When it leaves the queue for good, its timers stop. */
    JobExecution updated(Update update, long now) {
        return new JobExecution(
                thing,
                jobId,
                number,
                place,
                version + 1,
                update.status(),
                update.statusDetails(),
                queuedAt,
                startedAt == 0 && OpenFacts.isStartedBy(update.status()) ? now : startedAt,
                now,
                update.status().isTerminal() ? Timers.NONE : update.timers(),
                forceCanceled,
                retries);
    }

    /** The end that somebody else than its thing brings about, one version later. */
    JobExecution ended(ExecutionStatus end, long now) {
        return updated(new Update(end, statusDetails, Timers.NONE), now);
    }

    /** The same, cancelled with {@code force}. */
    JobExecution forced() {
        return new JobExecution(
                thing,
                jobId,
                number,
                place,
                version,
                status,
                statusDetails,
                queuedAt,
                startedAt,
                lastUpdatedAt,
                timers,
                true,
                retries);
    }
}
