package dev.roundtrip.local.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.journal.Journal.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final int THREADS = 8;
    private static final int EACH = 20_000;

    private static Entry entry(String subject) {
        return new Entry(Step.SENT, "client", subject);
    }

    private static Entry withPayload(int bytes) {
        return entry("topic").payload(new byte[bytes]);
    }

    private static List<Long> numbers(List<Entry> entries) {
        return entries.stream().map(Entry::sequence).toList();
    }

    private static List<Long> range(long from, long end) {
        return LongStream.range(from, end).boxed().toList();
    }

    /** Has threads do the same at the same time, each with its number. */
    private static void together(ThreadOfTest task) throws Exception {
        CountDownLatch begin = new CountDownLatch(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                ends.add(threads.submit(() -> {
                    begin.countDown();
                    begin.await();
                    task.run(number);
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }

    private interface ThreadOfTest {
        void run(int thread) throws Exception;
    }

    @Test
    void entries_are_told_in_order_from_any_number_on() {
        Journal journal = new Journal(new Bounds(8, 0));
        for (int i = 0; i < 5; i++) {
            journal.record(entry("topic-" + i));
        }

        assertThat(numbers(journal.entries(0, 10))).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(numbers(journal.entries(3, 10))).containsExactly(3L, 4L);
        assertThat(numbers(journal.entries(1, 2))).containsExactly(1L, 2L);
        assertThat(journal.entries(5, 10)).isEmpty();
        assertThat(journal.entries(4, 1).getFirst().subject()).isEqualTo("topic-4");
        assertThat(journal.next()).isEqualTo(5);
    }

    @Test
    void oldest_entries_go_first() {
        Journal journal = new Journal(new Bounds(4, 0));
        for (int i = 0; i < 10; i++) {
            journal.record(entry("topic"));
        }

        assertThat(journal.first()).isEqualTo(6);
        assertThat(numbers(journal.entries(0, 10))).containsExactly(6L, 7L, 8L, 9L);
    }

    @Test
    void oldest_payloads_are_dropped_and_their_entries_stay() {
        Journal journal = new Journal(new Bounds(8, 100));
        for (int i = 0; i < 5; i++) {
            journal.record(withPayload(40));
        }

        assertThat(journal.entries(0, 10))
                .extracting(each -> each.payload() == null)
                .containsExactly(true, true, true, false, false);
        assertThat(journal.entries(0, 10)).allMatch(each -> each.payloadLength() == 40);
        assertThat(journal.payloadBytes()).isEqualTo(80);
    }

    @Test
    void payload_of_a_displaced_entry_is_not_counted() {
        Journal journal = new Journal(new Bounds(2, 1_000));
        for (int i = 0; i < 5; i++) {
            journal.record(withPayload(10));
        }
        journal.record(entry("without"));

        assertThat(journal.payloadBytes()).isEqualTo(10);
    }

    @Test
    void first_bytes_of_a_long_payload_are_kept() {
        Journal journal = new Journal(Bounds.DEFAULT);

        journal.record(withPayload(Journal.MAX_PAYLOAD_BYTES + 1));

        Entry cut = journal.entries(0, 1).getFirst();
        assertThat(cut.payload()).hasSize(Journal.MAX_PAYLOAD_BYTES);
        assertThat(cut.payloadLength()).isEqualTo(Journal.MAX_PAYLOAD_BYTES + 1);
    }

    @Test
    void journal_without_payloads_keeps_their_lengths() {
        Journal journal = new Journal(Bounds.DEFAULT.withoutPayloads());

        journal.record(withPayload(40));

        Entry entry = journal.entries(0, 1).getFirst();
        assertThat(entry.payload()).isNull();
        assertThat(entry.payloadLength()).isEqualTo(40);
        assertThat(journal.payloadBytes()).isZero();
    }

    @Test
    void long_texts_are_cut() {
        String text = "x".repeat(Entry.MAX_TEXT + 1);

        Entry entry = new Entry(Step.CONNECT_REFUSED, text, text).detail(text);

        assertThat(entry.client()).hasSize(Entry.MAX_TEXT);
        assertThat(entry.subject()).hasSize(Entry.MAX_TEXT);
        assertThat(entry.detail()).hasSize(Entry.MAX_TEXT);
    }

    @Test
    void threads_lose_no_entry_and_keep_their_own_order() throws Exception {
        int entries = 1 << 18;
        Journal journal = new Journal(new Bounds(entries, 0));

        together(thread -> {
            for (int i = 0; i < EACH; i++) {
                journal.record(new Entry(Step.SENT, "client-" + thread, null).code(i));
            }
        });

        List<Entry> all = journal.entries(0, entries);
        assertThat(numbers(all)).isEqualTo(range(0, (long) THREADS * EACH));
        for (int thread = 0; thread < THREADS; thread++) {
            String client = "client-" + thread;
            assertThat(all.stream()
                            .filter(each -> client.equals(each.client()))
                            .mapToLong(Entry::code)
                            .boxed())
                    .isEqualTo(range(0, EACH));
        }
    }

    @Test
    void threads_keep_the_bounds_of_a_small_journal() throws Exception {
        Bounds bounds = new Bounds(16, 1_000);
        Journal journal = new Journal(bounds);

        together(thread -> {
            for (int i = 0; i < EACH; i++) {
                journal.record(withPayload(100 + thread));
                assertThat(journal.payloadBytes()).isLessThanOrEqualTo(bounds.payloadBytes() + THREADS * 200L);
            }
        });

        long end = (long) THREADS * EACH;
        List<Entry> last = journal.entries(0, 100);
        assertThat(numbers(last)).isEqualTo(range(end - 16, end));
        assertThat(journal.payloadBytes())
                .isEqualTo(last.stream().mapToLong(JournalTest::kept).sum())
                .isLessThanOrEqualTo(bounds.payloadBytes());
    }

    private static long kept(Entry entry) {
        byte[] payload = entry.payload();
        return payload == null ? 0 : payload.length;
    }

    @Test
    void reader_follows_writers_without_a_gap() throws Exception {
        int entries = 1 << 18;
        Journal journal = new Journal(new Bounds(entries, 10_000));
        List<Long> read = new ArrayList<>();

        together(thread -> {
            if (thread > 0) {
                for (int i = 0; i < EACH; i++) {
                    journal.record(withPayload(10));
                }
                return;
            }
            while (read.size() < (THREADS - 1) * EACH) {
                read.addAll(numbers(journal.entries(read.size(), 1_000)));
            }
        });

        assertThat(read).isEqualTo(range(0, (THREADS - 1L) * EACH));
    }

    @Test
    void reader_of_a_small_journal_sees_numbers_that_grow() throws Exception {
        Journal journal = new Journal(new Bounds(32, 500));
        CountDownLatch written = new CountDownLatch(THREADS - 1);

        together(thread -> {
            if (thread > 0) {
                for (int i = 0; i < EACH; i++) {
                    journal.record(withPayload(10));
                }
                written.countDown();
                return;
            }
            long from = 0;
            while (written.getCount() > 0) {
                for (Entry entry : journal.entries(from, 32)) {
                    assertThat(entry.sequence()).isGreaterThanOrEqualTo(from);
                    from = entry.sequence() + 1;
                }
            }
        });

        assertThat(journal.entries(0, 100)).hasSize(32);
    }

    @Test
    void bounds_that_cannot_be_are_refused() {
        assertThatThrownBy(() -> new Bounds(3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bounds(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bounds(4, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
