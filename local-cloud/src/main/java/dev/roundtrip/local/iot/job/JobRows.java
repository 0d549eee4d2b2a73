package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The rows of jobs. Each question reads as many rows as it answers, however many there are.
 *
 * <p>The tables of executions change together, in {@link JobTransaction}.
 */
final class JobRows {
    /** Job. */
    static final Table JOBS = new Table("jobs");

    /** Job: its document, which never changes. */
    static final Table DOCUMENTS = new Table("job_documents");

    /** Job: how many things are in which status. */
    static final Table COUNTS = new Table("job_counts");

    /** Job, thing and number: the execution. */
    static final Table EXECUTIONS = new Table("job_executions");

    /** Thing, job and number: nothing. */
    static final Table OF_THINGS = new Table("job_executions_of_things");

    /** Moment, thing, job and number of an execution with a timer: nothing. */
    static final Table TIMERS = new Table("job_timers");

    /** The last place that was given. */
    private static final Table PLACES = new Table("job_places");

    private static final byte[] NOTHING = {};
    private static final String LAST = "last";

    /** Reads and writes records by their components. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private JobRows() {}

    static byte[] bytes(Object row) {
        try {
            return MAPPER.writeValueAsBytes(row);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static <T> T read(byte[] row, Class<T> type) {
        try {
            return MAPPER.readValue(row, type);
        } catch (IOException damaged) {
            throw new StoreException("the row of a job cannot be read", damaged);
        }
    }

    static Optional<Job> job(Snapshot rows, String id) {
        return rows.get(JOBS, id).map(bytes -> read(bytes, Job.class));
    }

    /** The document of a job, in JSON. */
    static String document(Snapshot rows, String id) {
        return rows.get(DOCUMENTS, id)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("{}");
    }

    static JobCounts counts(Snapshot rows, String id) {
        return rows.get(COUNTS, id).map(bytes -> read(bytes, JobCounts.class)).orElse(JobCounts.NONE);
    }

    static Optional<JobExecution> execution(Snapshot rows, JobExecution.Id id) {
        return rows.get(EXECUTIONS, key(id)).map(bytes -> read(bytes, JobExecution.class));
    }

    /** The latest execution of a job on a thing. */
    static Optional<JobExecution> latest(Snapshot rows, String thing, String jobId) {
        return rows.page(EXECUTIONS, Keys.prefix(jobId, thing), "", 1).stream()
                .findFirst()
                .map(row -> read(row.value(), JobExecution.class));
    }

    /** The executions of a job, by thing.
     *
     * @param after the key of the one before; empty for the first one
     */
    static List<JobExecution> executions(Snapshot rows, String jobId, String after, int most) {
        return rows.page(EXECUTIONS, Keys.prefix(jobId), after, most).stream()
                .map(row -> read(row.value(), JobExecution.class))
                .toList();
    }

    static long nextPlace(Transaction rows) {
        long place = rows.get(PLACES, LAST)
                        .map(bytes -> Long.parseLong(new String(bytes, StandardCharsets.US_ASCII)))
                        .orElse(0L)
                + 1;
        rows.put(PLACES, LAST, Long.toString(place).getBytes(StandardCharsets.US_ASCII));
        return place;
    }

    /** Writes an execution, in the place of the same one before. */
    static void put(Transaction rows, JobExecution execution) {
        rows.put(EXECUTIONS, key(execution.id()), bytes(execution));
        rows.put(OF_THINGS, keyOfThing(execution.id()), NOTHING);
        if (!execution.status().isTerminal()) {
            QueueRows.list(rows, execution);
        }
        if (execution.timers().next() != 0) {
            rows.put(TIMERS, timerKey(execution), NOTHING);
        }
    }

    /** Removes an execution. */
    static void delete(Transaction rows, JobExecution execution) {
        rows.delete(EXECUTIONS, key(execution.id()));
        rows.delete(OF_THINGS, keyOfThing(execution.id()));
        unlist(rows, execution);
    }

    /** Takes an execution out of the queue, and stops its timers. */
    static void unlist(Transaction rows, JobExecution execution) {
        QueueRows.hide(rows, execution);
        if (execution.timers().next() != 0) {
            rows.delete(TIMERS, timerKey(execution));
        }
    }

    private static String timerKey(JobExecution execution) {
        return Keys.of(
                Keys.number(execution.timers().next()),
                execution.thing(),
                execution.jobId(),
                Long.toString(execution.number()));
    }

    /** The latest one comes first. */
    static String key(JobExecution.Id id) {
        return Keys.of(id.jobId(), id.thing(), Keys.number(Long.MAX_VALUE - id.number()));
    }

    static String keyOfThing(JobExecution.Id id) {
        return Keys.of(id.thing(), id.jobId(), Keys.number(Long.MAX_VALUE - id.number()));
    }

    /** The execution of a row of {@link #OF_THINGS}. */
    static JobExecution.Id ofThing(String key) {
        return new JobExecution.Id(
                Keys.part(key, 0), Keys.part(key, 1), Long.MAX_VALUE - Long.parseLong(Keys.part(key, 2)));
    }

    /** A timer that runs.
     *
     * @param end when it ends, in milliseconds
     */
    record Timer(long end, JobExecution.Id execution) {}

    /** The timers that end first. */
    static List<Timer> timers(Snapshot rows, int most) {
        return rows.page(TIMERS, "", "", most).stream()
                .map(row -> new Timer(
                        Long.parseLong(Keys.part(row.key(), 0)),
                        new JobExecution.Id(
                                Keys.part(row.key(), 1),
                                Keys.part(row.key(), 2),
                                Long.parseLong(Keys.part(row.key(), 3)))))
                .toList();
    }
}
