package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.iot.job.JobConfigs.ExponentialRate;
import dev.roundtrip.local.iot.job.JobConfigs.RateIncrease;
import org.jspecify.annotations.Nullable;

/** How many executions of a job were queued in the present minute of its roll-out. Immutable.
 *
 * <p>Source: AWS IoT developer guide, "Job rollout rates". The rate of a minute is set when the minute begins.
 *
 * @param minute when the minute began, in milliseconds; 0 before the first one
 * @param rate how many executions may be queued in the minute
 * @param queued how many were
 */
record Rollout(long minute, int rate, int queued) {
    /** Source: AWS IoT developer guide, "Specify job configurations": the greatest rate, and that of a job without
     * one.
     */
    static final int MAX_PER_MINUTE = 1000;

    static final long MINUTE = 60_000;

    static final Rollout NEW = new Rollout(0, 0, 0);

    /** The same in the minute of a moment.
     *
     * @param counts of the job
     */
    Rollout at(JobConfigs.@Nullable Rollout config, JobCounts counts, long now) {
        return minute != 0 && now < minute + MINUTE ? this : new Rollout(now, rate(config, counts), 0);
    }

    /** How many executions may still be queued in the minute. */
    int room() {
        return Math.max(0, rate - queued);
    }

    /** One more is queued. */
    Rollout next() {
        return new Rollout(minute, rate, queued + 1);
    }

    /** When the next executions may be queued.
     *
     * @param now later than this
     */
    long nextTime(long now) {
        return room() == 0 ? Math.max(minute + MINUTE, now + 1) : now + 1;
    }

    /** How many executions are queued in a minute that begins now. */
    static int rate(JobConfigs.@Nullable Rollout config, JobCounts counts) {
        Integer given = config == null ? null : config.maximumPerMinute();
        int most = given == null ? MAX_PER_MINUTE : given;
        ExponentialRate exponential = config == null ? null : config.exponentialRate();
        if (exponential == null) {
            return most;
        }
        RateIncrease criteria = exponential.rateIncreaseCriteria();
        long increases = Math.max(
                increases(counts.all(), criteria.numberOfNotifiedThings()),
                increases(counts.of(ExecutionStatus.SUCCEEDED), criteria.numberOfSucceededThings()));
        double rate = exponential.baseRatePerMinute() * Math.pow(exponential.incrementFactor(), (double) increases);
        // The factor has no exact binary fraction: 10 * 1.1 must not be 10.
        return (int) Math.min(most, Math.floor(rate + 1e-6));
    }

    private static long increases(long things, @Nullable Integer criterion) {
        return criterion == null ? 0 : things / criterion;
    }
}
