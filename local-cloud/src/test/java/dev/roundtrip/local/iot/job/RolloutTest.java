package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.job.JobConfigs.ExponentialRate;
import dev.roundtrip.local.iot.job.JobConfigs.RateIncrease;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rates of roll-outs, and the criteria that abort them, as tables. */
class RolloutTest {
    private static JobCounts counts(long queued, long succeeded) {
        return new JobCounts(Map.of(ExecutionStatus.QUEUED, queued, ExecutionStatus.SUCCEEDED, succeeded));
    }

    /** The first four lines are the example of the developer guide. */
    @ParameterizedTest(name = "base {0} times {1} for each {2} notified or {3} succeeded, at {4} and {5}: {6}")
    @CsvSource({
        // base, factor, notified, succeeded, queued now, succeeded now, rate
        "50, 2, 1000, 1000, 0, 0, 50",
        "50, 2, 1000, 1000, 1000, 0, 100",
        "50, 2, 1000, 1000, 2000, 0, 200",
        "50, 2, 1000, 1000, 0, 3000, 400",
        "50, 2, 1000, 1000, 999, 0, 50",
        "50, 2, , 10, 5000, 9, 50",
        "50, 2, , 10, 5000, 10, 100",
        "50, 2, 10, , 0, 10, 100",
        "10, 1.1, 10, , 10, 0, 11",
        "100, 1.1, 10, , 20, 0, 121",
        "1, 1.1, 10, , 70, 0, 1",
        "1, 1.1, 10, , 80, 0, 2",
        "500, 5, 1, , 900000, 0, 1000"
    })
    void rate_of_a_minute_rises_with_the_things(
            int base, double factor, Integer notified, Integer succeededThings, long queued, long done, int rate) {
        JobConfigs.Rollout config = new JobConfigs.Rollout(
                null, new ExponentialRate(base, factor, new RateIncrease(notified, succeededThings)));

        assertThat(Rollout.rate(config, counts(queued, done))).isEqualTo(rate);
    }

    @Test
    void rate_never_exceeds_the_maximum() {
        ExponentialRate exponential = new ExponentialRate(50, 2, new RateIncrease(1, null));

        assertThat(Rollout.rate(null, JobCounts.NONE)).isEqualTo(1000);
        assertThat(Rollout.rate(new JobConfigs.Rollout(7, null), JobCounts.NONE))
                .isEqualTo(7);
        assertThat(Rollout.rate(new JobConfigs.Rollout(70, exponential), counts(9, 0)))
                .isEqualTo(70);
    }

    @ParameterizedTest(name = "{0} from {1} % of {2}: {3} failed, {4} rejected, {5} timed out, {6} succeeded: {7}")
    @CsvSource({
        "FAILED, 20, 5, 1, 0, 0, 3, false",
        "FAILED, 20, 5, 1, 0, 0, 4, true",
        "FAILED, 20.01, 5, 1, 0, 0, 4, false",
        "FAILED, 20, 5, 0, 5, 5, 0, false",
        "REJECTED, 50, 2, 0, 1, 0, 1, true",
        "TIMED_OUT, 50, 2, 0, 1, 1, 0, true",
        "TIMED_OUT, 50, 2, 1, 1, 0, 0, false",
        "ALL, 100, 3, 1, 1, 1, 0, true",
        "ALL, 100, 3, 1, 1, 1, 1, false",
        "ALL, 33.33, 3, 0, 1, 0, 2, true",
        "FAILED, 0.07, 1, 7, 0, 0, 9993, true",
        "FAILED, 0.07, 1, 7, 0, 0, 9994, false",
        "FAILED, 0.01, 1, 1, 0, 0, 9999, true"
    })
    void job_is_aborted_from_a_percentage_on_when_enough_things_executed_it(
            String type,
            double percentage,
            int least,
            long failed,
            long rejected,
            long timedOut,
            long succeeded,
            boolean aborted) {
        JobConfigs.Abort config =
                new JobConfigs.Abort(List.of(new JobConfigs.AbortCriterion(type, "CANCEL", percentage, least)));
        JobCounts counts = new JobCounts(Map.of(
                ExecutionStatus.FAILED, failed,
                ExecutionStatus.REJECTED, rejected,
                ExecutionStatus.TIMED_OUT, timedOut,
                ExecutionStatus.SUCCEEDED, succeeded,
                ExecutionStatus.QUEUED, 100L,
                ExecutionStatus.CANCELED, 100L));

        assertThat(AbortCriteria.areMet(config, counts)).isEqualTo(aborted);
    }
}
