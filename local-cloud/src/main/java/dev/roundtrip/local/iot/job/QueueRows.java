package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The queue of each thing, in a table: the executions that it is shown. */
final class QueueRows {
    /** Thing, rank and place: job and number of an execution that is not over. In the order in which they are shown. */
    static final Table QUEUE = new Table("job_queue");

    private static final String FIRST_RANK = "0";
    private static final String SECOND_RANK = "1";

    private QueueRows() {}

    /** Whether a thing is shown an execution that is not over. */
    static boolean isListed(Snapshot rows, JobExecution execution) {
        return rows.get(QUEUE, queueKey(execution)).isPresent();
    }

    /** The executions of a thing that are not over and shown, in the order in which they are shown.
     *
     * @param most how many at most
     */
    static List<JobExecution> pending(Snapshot rows, String thing, int most) {
        List<JobExecution> pending = new ArrayList<>();
        rows.page(QUEUE, Keys.prefix(thing), "", most)
                .forEach(row ->
                        JobRows.execution(rows, queued(thing, row.value())).ifPresent(pending::add));
        return pending;
    }

    /** The execution that the thing gets next; empty when none is pending. */
    static Optional<JobExecution.Id> next(Snapshot rows, String thing) {
        return rows.page(QUEUE, Keys.prefix(thing), "", 1).stream().findFirst().map(row -> queued(thing, row.value()));
    }

    private static JobExecution.Id queued(String thing, byte[] value) {
        String key = new String(value, StandardCharsets.UTF_8);
        return new JobExecution.Id(thing, Keys.part(key, 0), Long.parseLong(Keys.part(key, 1)));
    }

    /** Shows an execution to its thing. */
    static void list(Transaction rows, JobExecution execution) {
        String value = Keys.of(execution.jobId(), Long.toString(execution.number()));
        rows.put(QUEUE, queueKey(execution), value.getBytes(StandardCharsets.UTF_8));
    }

    /** Hides an execution from its thing. */
    static void hide(Transaction rows, JobExecution execution) {
        rows.delete(QUEUE, queueKey(execution));
    }

    private static String queueKey(JobExecution execution) {
        String rank = execution.status() == ExecutionStatus.IN_PROGRESS ? FIRST_RANK : SECOND_RANK;
        return Keys.of(execution.thing(), rank, Keys.number(execution.place()));
    }
}
