package dev.roundtrip.local.store.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class TableStoreContract {
    static final Table THINGS = new Table("things");
    static final Table JOBS = new Table("jobs");

    private TableStore store = new InMemoryTables();

    /** A store that nobody wrote to. */
    abstract TableStore open();

    @BeforeEach
    void start() {
        store = open();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void key_without_row_has_no_value() {
        assertThat(get(THINGS, "a")).isEmpty();
    }

    @Test
    void row_that_was_put_is_read() {
        put(THINGS, "a", "one");

        assertThat(get(THINGS, "a")).contains("one");
        assertThat(get(JOBS, "a")).isEmpty();
    }

    @Test
    void second_put_takes_the_place_of_the_first() {
        put(THINGS, "a", "one");

        put(THINGS, "a", "two");

        assertThat(get(THINGS, "a")).contains("two");
        assertThat(keys(THINGS, "", "", 10)).containsExactly("a");
    }

    @Test
    void deleted_row_is_gone_and_deleting_nothing_is_no_error() {
        put(THINGS, "a", "one");

        store.write(transaction -> {
            transaction.delete(THINGS, "a");
            transaction.delete(THINGS, "a");
            transaction.delete(JOBS, "a");
            return true;
        });

        assertThat(get(THINGS, "a")).isEmpty();
        assertThat(keys(THINGS, "", "", 10)).isEmpty();
    }

    @Test
    void empty_and_large_values_are_kept() {
        String large = "x".repeat(1 << 20);

        put(THINGS, "empty", "");
        put(THINGS, "large", large);

        assertThat(get(THINGS, "empty")).contains("");
        assertThat(get(THINGS, "large")).contains(large);
    }

    @Test
    void page_has_the_rows_of_a_prefix_in_the_order_of_keys() {
        for (String key : List.of("b2", "a", "b", "c", "b1", "b10")) {
            put(THINGS, key, "value of " + key);
        }
        put(JOBS, "b3", "of another table");

        List<Row> page = store.read(rows -> rows.page(THINGS, "b", "", 10));

        assertThat(page).extracting(Row::key).containsExactly("b", "b1", "b10", "b2");
        assertThat(page.get(2).value()).isEqualTo("value of b10".getBytes(UTF_8));
    }

    @Test
    void page_begins_after_a_key_and_has_no_more_than_was_asked_for() {
        for (int i = 10; i < 35; i++) {
            put(THINGS, "t" + i, "");
        }

        List<String> all = new ArrayList<>();
        String after = "";
        List<String> page;
        do {
            page = keys(THINGS, "t", after, 10);
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            all.addAll(page);
            after = page.isEmpty() ? after : page.getLast();
        } while (!page.isEmpty());

        assertThat(all).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void page_begins_after_a_key_that_is_not_there_too() {
        put(THINGS, "a", "");
        put(THINGS, "c", "");

        assertThat(keys(THINGS, "", "b", 10)).containsExactly("c");
        assertThat(keys(THINGS, "a", "b", 10)).isEmpty();
        assertThat(keys(THINGS, "c", "a", 10)).containsExactly("c");
        assertThat(keys(THINGS, "", "c", 10)).isEmpty();
    }

    @Test
    void all_rows_of_a_prefix_are_handed_over_though_they_are_deleted_meanwhile() {
        int many = 2 * TableStore.Snapshot.PAGE + 1;
        boolean unused = store().write(rows -> {
            for (int i = 0; i < many; i++) {
                rows.put(THINGS, Keys.of("a", "%05d".formatted(i)), new byte[0]);
            }
            rows.put(THINGS, "b", new byte[0]);
            return true;
        });

        List<String> seen = new ArrayList<>();
        boolean deleted = store().write(rows -> {
            rows.forEach(THINGS, Keys.prefix("a"), row -> {
                seen.add(row.key());
                rows.delete(THINGS, row.key());
            });
            return true;
        });

        assertThat(deleted).isTrue();
        assertThat(seen).hasSize(many).isSorted();
        assertThat(keys(THINGS, "", "", 10)).containsExactly("b");
    }

    @Test
    void page_without_room_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> keys(THINGS, "", "", 0));
    }

    @Test
    void empty_key_is_a_key() {
        put(THINGS, "", "one");

        assertThat(get(THINGS, "")).contains("one");
        assertThat(keys(THINGS, "", "", 10)).containsExactly("");
    }

    @Test
    void keys_of_several_parts_are_ordered_by_their_parts() {
        for (String key : List.of(Keys.of("ab", "1"), Keys.of("a", "z"), Keys.of("a-b", "1"), Keys.of("a", "b"))) {
            put(THINGS, key, "");
        }

        assertThat(keys(THINGS, "", "", 10))
                .containsExactly(Keys.of("a", "b"), Keys.of("a", "z"), Keys.of("a-b", "1"), Keys.of("ab", "1"));
        assertThat(keys(THINGS, Keys.prefix("a"), "", 10)).containsExactly(Keys.of("a", "b"), Keys.of("a", "z"));
    }

    @Test
    void keys_beyond_the_basic_plane_are_ordered_by_their_bytes() {
        // In UTF-16 the first of the last two would come after the other.
        List<String> ordered = List.of("\u0000", "\u0000a", "a", "a\u0000", "é", "\u20ac", "\uffee", "\ud83d\ude80");
        for (String key : ordered.reversed()) {
            put(THINGS, key, key);
        }

        assertThat(keys(THINGS, "", "", 10)).isEqualTo(ordered);
        assertThat(keys(THINGS, "", "\uffee", 10)).containsExactly("\ud83d\ude80");
        assertThat(keys(THINGS, "\ud83d\ude80", "", 10)).containsExactly("\ud83d\ude80");
        assertThat(keys(THINGS, "a", "", 10)).containsExactly("a", "a\u0000");
        assertThat(get(THINGS, "\u0000a")).contains("\u0000a");
    }

    @Test
    void half_a_surrogate_pair_is_no_key() {
        assertThatIllegalArgumentException().isThrownBy(() -> put(THINGS, "a\ud83d", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> get(THINGS, "a\ud83d"));
    }

    @Test
    void transaction_writes_several_tables_and_sees_what_it_wrote() {
        put(THINGS, "old", "");

        List<String> seen = store.write(transaction -> {
            transaction.put(THINGS, "a", "1".getBytes(UTF_8));
            transaction.put(JOBS, "a", "2".getBytes(UTF_8));
            transaction.delete(THINGS, "old");
            return transaction.page(THINGS, "", "", 10).stream().map(Row::key).toList();
        });

        assertThat(seen).containsExactly("a");
        assertThat(get(THINGS, "a")).contains("1");
        assertThat(get(JOBS, "a")).contains("2");
        assertThat(get(THINGS, "old")).isEmpty();
    }

    @Test
    void failing_work_writes_nothing_and_its_exception_comes_out() {
        put(THINGS, "a", "before");
        put(THINGS, "b", "before");
        IOException reason = new IOException("no");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store.write(transaction -> {
                    transaction.put(THINGS, "a", "1".getBytes(UTF_8));
                    transaction.put(THINGS, "a", "2".getBytes(UTF_8));
                    transaction.put(JOBS, "new", "3".getBytes(UTF_8));
                    transaction.delete(THINGS, "b");
                    throw reason;
                }))
                .isSameAs(reason);

        assertThat(get(THINGS, "a")).contains("before");
        assertThat(get(THINGS, "b")).contains("before");
        assertThat(get(JOBS, "new")).isEmpty();
        put(JOBS, "next", "");
        assertThat(keys(JOBS, "", "", 10)).containsExactly("next");
    }

    @Test
    void work_that_fails_by_a_defect_writes_nothing_and_leaves_a_store_that_works() {
        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> store.write(transaction -> {
                    transaction.put(THINGS, "a", new byte[0]);
                    throw new StackOverflowError();
                }));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> store.read(rows -> {
                    throw new ArithmeticException();
                }));

        assertThat(get(THINGS, "a")).isEmpty();
        put(THINGS, "b", "");
        assertThat(keys(THINGS, "", "", 10)).containsExactly("b");
    }

    @Test
    void work_may_give_nothing_back() {
        assertThat(store.<Optional<String>, RuntimeException>write(transaction -> Optional.empty()))
                .isEmpty();
    }

    @Test
    void snapshot_is_one_moment_while_others_write() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<?> writer = threads.submit(() -> {
                for (int i = 0; i < 500; i++) {
                    byte[] value = String.valueOf(i).getBytes(UTF_8);
                    store.write(transaction -> {
                        transaction.put(THINGS, "a", value);
                        transaction.put(JOBS, "a", value);
                        return true;
                    });
                }
                over.set(true);
            });
            List<Future<Integer>> readers = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                readers.add(threads.submit(() -> {
                    int differences = 0;
                    while (!over.get() && !writer.isDone()) {
                        differences += store.read(rows -> {
                            Optional<String> thing = text(rows.get(THINGS, "a"));
                            return thing.equals(text(rows.get(JOBS, "a"))) ? 0 : 1;
                        });
                    }
                    return differences;
                }));
            }

            writer.get();

            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isZero();
            }
        }
        assertThat(get(THINGS, "a")).contains("499");
    }

    @Test
    void writers_come_one_after_the_other() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        store.write(transaction -> {
                            assertThat(inside.incrementAndGet()).isEqualTo(1);
                            int before = text(transaction.get(THINGS, "count"))
                                    .map(Integer::parseInt)
                                    .orElse(0);
                            transaction.put(
                                    THINGS, "count", String.valueOf(before + 1).getBytes(UTF_8));
                            return inside.decrementAndGet();
                        });
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        assertThat(get(THINGS, "count")).contains("800");
    }

    @Test
    void failing_writers_do_not_fail_their_neighbours() throws Exception {
        List<Future<String>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int i = 0; i < 200; i++) {
                String key = "k" + i;
                boolean fails = i % 3 == 0;
                writers.add(threads.submit(() -> store.write(transaction -> {
                    transaction.put(THINGS, key, new byte[0]);
                    if (fails) {
                        throw new IOException(key);
                    }
                    return key;
                })));
            }
        }

        for (int i = 0; i < 200; i++) {
            Future<String> writer = writers.get(i);
            if (i % 3 == 0) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(writer::get)
                        .withCauseInstanceOf(IOException.class)
                        .withMessageContaining("k" + i);
                assertThat(get(THINGS, "k" + i)).isEmpty();
            } else {
                assertThat(writer.get()).isEqualTo("k" + i);
                assertThat(get(THINGS, "k" + i)).isPresent();
            }
        }
    }

    @Test
    void writer_that_is_interrupted_knows_how_its_write_ended() {
        Thread.currentThread().interrupt();

        put(THINGS, "a", "one");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(get(THINGS, "a")).contains("one");
    }

    @Test
    void view_is_of_no_use_after_its_work() {
        TableStore.Snapshot snapshot = store.read(rows -> rows);
        TableStore.Transaction transaction = store.write(rows -> rows);

        assertThatIllegalStateException().isThrownBy(() -> snapshot.get(THINGS, "a"));
        assertThatIllegalStateException().isThrownBy(() -> snapshot.page(THINGS, "", "", 1));
        assertThatIllegalStateException().isThrownBy(() -> transaction.get(THINGS, "a"));
        assertThatIllegalStateException().isThrownBy(() -> transaction.put(THINGS, "a", new byte[0]));
        assertThatIllegalStateException().isThrownBy(() -> transaction.delete(THINGS, "a"));
        assertThat(get(THINGS, "a")).isEmpty();
    }

    @Test
    void work_that_asks_its_store_again_is_refused() {
        assertThatIllegalStateException().isThrownBy(() -> store.write(rows -> get(THINGS, "a")));
        assertThatIllegalStateException().isThrownBy(() -> store.write(rows -> store.write(again -> 1)));
        assertThatIllegalStateException().isThrownBy(() -> store.read(rows -> store.write(again -> 1)));
        assertThatIllegalStateException().isThrownBy(() -> store.read(rows -> get(THINGS, "a")));
    }

    @Test
    void closed_store_refuses() {
        put(THINGS, "a", "one");

        store.close();
        store.close();

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(THINGS, "a"));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put(THINGS, "b", ""));
    }

    @Test
    void random_transactions_leave_what_a_map_would_have() {
        Random random = new Random(7);
        NavigableMap<String, String> model = new TreeMap<>(Comparator.naturalOrder());
        for (int round = 0; round < 200; round++) {
            NavigableMap<String, String> changed = new TreeMap<>(model);
            boolean fails = random.nextInt(4) == 0;
            try {
                store.write(transaction -> {
                    for (int step = 0; step < 5; step++) {
                        String key = "k" + random.nextInt(40);
                        if (random.nextInt(3) == 0) {
                            transaction.delete(THINGS, key);
                            changed.remove(key);
                        } else {
                            String value = "v" + random.nextInt();
                            transaction.put(THINGS, key, value.getBytes(UTF_8));
                            changed.put(key, value);
                        }
                        assertThat(text(transaction.get(THINGS, key))).isEqualTo(Optional.ofNullable(changed.get(key)));
                    }
                    if (fails) {
                        throw new IOException("no");
                    }
                    return true;
                });
                model = changed;
            } catch (IOException expected) {
                assertThat(fails).isTrue();
            }
        }

        List<Row> rows = store.read(snapshot -> snapshot.page(THINGS, "", "", 100));

        assertThat(rows).extracting(Row::key).containsExactlyElementsOf(model.keySet());
        assertThat(rows).extracting(row -> new String(row.value(), UTF_8)).containsExactlyElementsOf(model.values());
    }

    final TableStore store() {
        return store;
    }

    final void put(Table table, String key, String value) {
        store.write(transaction -> {
            transaction.put(table, key, value.getBytes(UTF_8));
            return true;
        });
    }

    final Optional<String> get(Table table, String key) {
        return text(store.read(rows -> rows.get(table, key)));
    }

    final List<String> keys(Table table, String prefix, String after, int most) {
        return store.read(rows ->
                rows.page(table, prefix, after, most).stream().map(Row::key).toList());
    }

    private static Optional<String> text(Optional<byte[]> value) {
        return value.map(bytes -> new String(bytes, UTF_8));
    }
}
