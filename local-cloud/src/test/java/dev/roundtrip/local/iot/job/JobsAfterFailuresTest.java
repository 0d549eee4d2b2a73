package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What jobs do after a write that failed once. */
class JobsAfterFailuresTest {
    private final Failing tables = new Failing();
    private final TestJobs test = new TestJobs(tables);

    /** A store one of whose next writes fails. */
    private static final class Failing implements TableStore {
        private final TableStore tables = new InMemoryTables();

        /** How many writes there are until the one that fails; none fails below 0. */
        private final AtomicInteger left = new AtomicInteger(-1);

        @Override
        public <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
            return tables.read(work);
        }

        @Override
        public <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E {
            if (left.getAndDecrement() == 0) {
                throw new StoreException("the disk is full");
            }
            return tables.write(work);
        }

        @Override
        public void close() {
            tables.close();
        }
    }

    @AfterEach
    void stop() throws Exception {
        test.close();
    }

    @Test
    void deletion_that_failed_in_the_middle_is_tried_again() {
        test.create("a", "", "pump");
        tables.left.set(1);

        assertThat(test.ask("DELETE", "/jobs/a?force=true", "").status()).isEqualTo(503);
        test.advance(Duration.ofSeconds(1));

        assertThat(test.ask("GET", "/jobs/a", "").status()).isEqualTo(404);
    }

    @Test
    void thing_that_came_into_a_group_gets_the_job_a_little_later() {
        test.ask("POST", "/thing-groups/pumps", "{}").ok();
        test.ask(
                        "PUT",
                        "/jobs/a",
                        "{'targets':['" + TestJobs.ARN + "thinggroup/pumps'],'document':'{}',"
                                + "'targetSelection':'CONTINUOUS'}")
                .ok();
        tables.left.set(1);

        test.ask("PUT", "/thing-groups/addThingToThingGroup", "{'thingGroupName':'pumps','thingName':'pump'}")
                .ok();
        assertThat(queued()).isZero();
        test.advance(Duration.ofSeconds(1));

        assertThat(queued()).isOne();
    }

    private int queued() {
        return test.job("a")
                .path("jobProcessDetails")
                .path("numberOfQueuedThings")
                .asInt();
    }
}
