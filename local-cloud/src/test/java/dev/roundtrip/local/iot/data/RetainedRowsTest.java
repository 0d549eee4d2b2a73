package dev.roundtrip.local.iot.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.SqliteTables;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.RetainedStore.Entry;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedRowsTest {
    private static final Instant SINCE = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final Instant LATER = SINCE.plusSeconds(60);

    /** The bytes of a user property. */
    private static final byte[] PROPERTIES = {0x26, 0, 1, 'n', 0, 1, 'v'};

    @TempDir
    private Path directory;

    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /** A disk that the test holds up, or fills. */
    private static final class Gate implements TableStore {
        private final TableStore within = new InMemoryTables();
        private final AtomicBoolean full = new AtomicBoolean();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final Semaphore writes = new Semaphore(Integer.MAX_VALUE);

        @Override
        public <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
            return within.read(work);
        }

        @Override
        public <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E {
            reached.countDown();
            writes.acquireUninterruptibly();
            if (full.get()) {
                throw new StoreException("the disk is full");
            }
            return within.write(work);
        }

        @Override
        public void close() {
            within.close();
        }
    }

    @Test
    void message_is_the_same_after_the_file_was_closed() {
        byte[] bytes = {0, 1, -1, 127};
        Entry whole = new Entry(
                new Publication("a/ä", "a/ä".getBytes(UTF_8), PROPERTIES, bytes), Qos.AT_LEAST_ONCE, SINCE, LATER);
        try (TableStore store = SqliteTables.at(directory.resolve("services.db"));
                RetainedRows rows = RetainedRows.in(store, complaints::add)) {
            assertThat(ended(rows.keep(whole))).isTrue();
            assertThat(ended(rows.keep(entry("a/b", "first")))).isTrue();
            assertThat(ended(rows.keep(entry("a/b", "second")))).isTrue();
            assertThat(ended(rows.keep(entry("a/c", "gone")))).isTrue();
            assertThat(ended(rows.forget("a/c"))).isTrue();
        }

        try (TableStore store = SqliteTables.at(directory.resolve("services.db"));
                RetainedRows rows = RetainedRows.in(store, complaints::add)) {
            List<Entry> all = rows.all();

            assertThat(all).hasSize(2);
            assertThat(text(all.getFirst())).isEqualTo("second");
            assertThat(all.getFirst().qos()).isEqualTo(Qos.AT_MOST_ONCE);
            assertThat(all.getFirst().expires()).isNull();
            Entry found = all.getLast();
            assertThat(found.content().topic()).isEqualTo("a/ä");
            assertThat(found.content().topicBytes()).isEqualTo("a/ä".getBytes(UTF_8));
            assertThat(found.content().properties()).isEqualTo(PROPERTIES);
            assertThat(found.content().payload()).isEqualTo(bytes);
            assertThat(found.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
            assertThat(found.since()).isEqualTo(SINCE);
            assertThat(found.expires()).isEqualTo(LATER);
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void file_is_not_made_before_the_first_message() {
        Path file = directory.resolve("services.db");
        try (TableStore store = SqliteTables.at(file);
                RetainedRows rows = RetainedRows.in(store, complaints::add)) {

            assertThat(rows.all()).isEmpty();

            assertThat(Files.exists(file)).isFalse();
        }
    }

    @Test
    void slow_disk_holds_up_nobody_and_refuses_no_message() throws Exception {
        Gate gate = new Gate();
        gate.writes.drainPermits();
        try (RetainedRows rows = RetainedRows.in(gate, complaints::add)) {
            List<CompletionStage<Boolean>> stored = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                stored.add(rows.keep(entry("t/" + i, "p" + i)));
            }
            gate.reached.await();
            assertThat(stored).noneMatch(stage -> stage.toCompletableFuture().isDone());

            gate.writes.release(5_000);

            assertThat(stored).allSatisfy(stage -> assertThat(ended(stage)).isTrue());
            assertThat(rows.all()).hasSize(5_000);
        }
    }

    @Test
    void all_are_read_after_those_that_wait_are_written() throws Exception {
        Gate gate = new Gate();
        gate.writes.drainPermits();
        try (RetainedRows rows = RetainedRows.in(gate, complaints::add)) {
            var unused = rows.keep(entry("a/b", "waits"));
            gate.reached.await();
            CompletableFuture<List<Entry>> all = new CompletableFuture<>();
            Thread reader = Thread.ofVirtual().start(() -> all.complete(rows.all()));
            await().until(() -> reader.getState() == Thread.State.WAITING || all.isDone());

            gate.writes.release(10);

            assertThat(all.join()).extracting(RetainedRowsTest::text).containsExactly("waits");
        }
    }

    @Test
    void full_disk_keeps_the_last_message_and_later_ones_are_kept_when_there_is_room() {
        Gate gate = new Gate();
        try (RetainedRows rows = RetainedRows.in(gate, complaints::add)) {
            assertThat(ended(rows.keep(entry("a/b", "first")))).isTrue();
            gate.full.set(true);

            assertThat(ended(rows.keep(entry("a/b", "second")))).isFalse();
            assertThat(ended(rows.forget("a/b"))).isFalse();

            assertThat(rows.all()).extracting(RetainedRowsTest::text).containsExactly("first");
            assertThat(complaints).containsExactly("the disk is full");
            gate.full.set(false);
            assertThat(ended(rows.keep(entry("a/b", "third")))).isTrue();
            assertThat(rows.all()).extracting(RetainedRowsTest::text).containsExactly("third");
        }
    }

    @Test
    void whoever_comes_after_the_end_is_told_that_nothing_is_stored() {
        Gate gate = new Gate();
        RetainedRows rows = RetainedRows.in(gate, complaints::add);
        rows.close();

        assertThat(ended(rows.keep(entry("a/b", "late")))).isFalse();
    }

    @Test
    void damaged_row_is_told_and_not_read_as_a_message() {
        TableStore store = new InMemoryTables();
        store.<Boolean, RuntimeException>write(rows -> {
            rows.put(new Table("retained_messages"), "a/b", "{".getBytes(UTF_8));
            return true;
        });
        try (RetainedRows rows = RetainedRows.in(store, complaints::add)) {
            assertThatThrownBy(rows::all).isInstanceOf(StoreException.class).hasMessageContaining("retained message");
        }
    }

    private static boolean ended(CompletionStage<Boolean> stored) {
        return stored.toCompletableFuture().join();
    }

    private static Entry entry(String topic, String payload) {
        return new Entry(Publication.of(topic, payload.getBytes(UTF_8)), Qos.AT_MOST_ONCE, SINCE, null);
    }

    private static String text(Entry entry) {
        return new String(entry.content().payload(), UTF_8);
    }
}
