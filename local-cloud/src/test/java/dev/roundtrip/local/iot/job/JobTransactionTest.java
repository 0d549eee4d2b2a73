package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.job.JobExecution.Retries;
import dev.roundtrip.local.iot.job.JobExecution.Timers;
import dev.roundtrip.local.iot.job.JobExecution.Update;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of executions in all their tables. */
class JobTransactionTest {
    private final TableStore tables = new InMemoryTables();
    private long now = 1_000;

    @AfterEach
    void close() {
        tables.close();
    }

    private <T> T change(Function<JobTransaction, T> change) {
        now += 1_000;
        return tables.<T, RuntimeException>write(rows -> change.apply(new JobTransaction(rows, now)));
    }

    private Job job(String id, JobConfigs configs) {
        Job job = new Job(
                id,
                List.of("arn:aws:iot:eu-central-1:123456789012:thing/pump"),
                TargetSelection.SNAPSHOT,
                JobStatus.IN_PROGRESS,
                "",
                Job.Source.DOCUMENT,
                configs,
                new Job.Times(now, now, 0),
                Job.Ending.NONE);
        change(transaction -> {
            transaction.create(job, "{\"a\":1}");
            return job;
        });
        return job;
    }

    private JobExecution queue(String jobId) {
        return change(transaction -> transaction.queue(jobId, "pump", Retries.NONE));
    }

    private List<String> pending() {
        return tables.<List<String>, RuntimeException>read(rows -> QueueRows.pending(rows, "pump", 100).stream()
                .map(execution -> execution.jobId() + " " + execution.number() + " " + execution.status())
                .toList());
    }

    private JobTransaction.Told to(JobExecution before, ExecutionStatus status) {
        return change(transaction -> {
            transaction.change(
                    before, before.updated(new Update(status, Map.of("k", "v"), Timers.NONE), transaction.now()));
            return transaction.told();
        });
    }

    @Test
    void executions_are_shown_in_the_order_queued_with_those_in_progress_first() {
        job("a", JobConfigs.NONE);
        job("b", JobConfigs.NONE);
        queue("a");
        JobExecution later = queue("b");

        to(later, ExecutionStatus.IN_PROGRESS);

        assertThat(pending()).containsExactly("b 1 IN_PROGRESS", "a 1 QUEUED");
    }

    @Test
    void rows_hold_all_that_an_execution_has() {
        job("a", JobConfigs.NONE);
        JobExecution queued = queue("a");
        JobExecution started = queued.updated(
                        new Update(ExecutionStatus.IN_PROGRESS, Map.of("step", "1"), new Timers(7_000, 9_000)), 5_000)
                .forced();

        change(transaction -> {
            transaction.change(queued, started);
            return true;
        });

        assertThat(tables.<JobExecution, RuntimeException>read(
                        rows -> JobRows.latest(rows, "pump", "a").orElseThrow()))
                .isEqualTo(started);
        assertThat(tables.<List<JobRows.Timer>, RuntimeException>read(rows -> JobRows.timers(rows, 9)))
                .containsExactly(new JobRows.Timer(7_000, started.id()));
    }

    @Test
    void rows_hold_all_that_a_job_has() {
        JobConfigs configs = new JobConfigs(
                new JobConfigs.Timeout(5),
                new JobConfigs.Retry(List.of(new JobConfigs.RetryCriterion("FAILED", 1))),
                new JobConfigs.Rollout(
                        null, new JobConfigs.ExponentialRate(50, 2.0, new JobConfigs.RateIncrease(1000, null))),
                new JobConfigs.Abort(List.of(new JobConfigs.AbortCriterion("ALL", "CANCEL", 12.5, 10))),
                new JobConfigs.Scheduling("2026-11-28 14:00", null, null, List.of()),
                new JobConfigs.PresignedUrl("arn:aws:iam::123456789012:role/r", 60L));

        Job job = job("a", configs);

        assertThat(tables.<Job, RuntimeException>read(
                        rows -> JobRows.job(rows, "a").orElseThrow()))
                .isEqualTo(job);
    }

    @Test
    void failed_execution_is_tried_again_as_often_as_the_job_says() {
        job(
                "a",
                new JobConfigs(
                        null,
                        new JobConfigs.Retry(List.of(new JobConfigs.RetryCriterion("FAILED", 1))),
                        null,
                        null,
                        null,
                        null));
        JobExecution first = queue("a");

        to(first, ExecutionStatus.FAILED);
        JobExecution second = tables.<JobExecution, RuntimeException>read(
                rows -> JobRows.latest(rows, "pump", "a").orElseThrow());
        List<String> again = pending();
        to(second, ExecutionStatus.FAILED);

        assertThat(again).containsExactly("a 2 QUEUED");
        assertThat(second.retries().attempt()).isOne();
        assertThat(pending()).isEmpty();
        assertThat(tables.<JobStatus, RuntimeException>read(
                        rows -> JobRows.job(rows, "a").orElseThrow().status()))
                .isEqualTo(JobStatus.COMPLETED);
        assertThat(tables.<JobCounts, RuntimeException>read(rows -> JobRows.counts(rows, "a"))
                        .of(ExecutionStatus.FAILED))
                .isOne();
    }
}
