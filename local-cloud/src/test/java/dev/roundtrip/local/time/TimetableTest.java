package dev.roundtrip.local.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Table ROWS = new Table("timetable");

    private final TableStore tables = new InMemoryTables();
    private final MovableClock clock = new MovableClock(NOON);
    private final List<String> done = new ArrayList<>();

    /** What happens while the next tasks are done. */
    private final List<Runnable> meanwhile = new ArrayList<>();

    private final Set<String> broken = new HashSet<>();
    private final Timetable<Task> timetable = timetable();

    private enum Task {
        WAKE,
        FORGET
    }

    private Timetable<Task> timetable() {
        return new Timetable<>(Task.class, ROWS, tables, clock, this::perform);
    }

    private void perform(Task task, String subject) {
        if (broken.contains(subject)) {
            throw new IllegalArgumentException(subject);
        }
        done.add(task + " " + subject);
        if (!meanwhile.isEmpty()) {
            meanwhile.removeFirst().run();
        }
    }

    private void put(Duration later, Task task, String subject) {
        Instant time = clock.instant().plus(later);
        tables.write(rows -> {
            timetable.put(rows, time, task, subject);
            return true;
        });
        timetable.watch(time);
    }

    private int left() {
        return tables.read(rows -> rows.page(ROWS, "", "", 100)).size();
    }

    @Test
    void tasks_are_done_in_the_order_of_their_times_and_forgotten() {
        put(Duration.ofSeconds(20), Task.FORGET, "b");
        put(Duration.ofSeconds(10), Task.WAKE, "a");

        clock.advance(Duration.ofSeconds(9));
        assertThat(done).isEmpty();
        clock.advance(Duration.ofSeconds(11));

        assertThat(done).containsExactly("WAKE a", "FORGET b");
        assertThat(left()).isZero();
    }

    @Test
    void task_that_fails_keeps_no_other_from_being_done_and_comes_again_ever_later() {
        broken.add("a");
        put(Duration.ofSeconds(10), Task.WAKE, "a");
        put(Duration.ofSeconds(10), Task.WAKE, "b");

        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(10))).hasRootCauseMessage("a");
        assertThat(done).containsExactly("WAKE b");
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(1))).hasRootCauseMessage("a");
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(1))).hasRootCauseMessage("a");
        broken.clear();
        clock.advance(Duration.ofSeconds(4));

        assertThat(done).containsExactly("WAKE b", "WAKE a");
        assertThat(left()).isZero();
    }

    @Test
    void task_that_a_later_version_wrote_keeps_no_other_from_being_done() {
        put(Duration.ofSeconds(10), Task.WAKE, "b");
        Instant time = clock.instant().plusSeconds(5);
        tables.write(rows -> {
            new Timetable<>(Later.class, ROWS, tables, clock, (task, subject) -> {}).put(rows, time, Later.MEND, "a");
            return true;
        });

        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(10))).hasMessageContaining("is tried again");

        assertThat(done).containsExactly("WAKE b");
        assertThat(left()).isOne();
    }

    private enum Later {
        MEND
    }

    @Test
    void task_that_is_put_again_for_the_same_time_while_it_is_done_is_done_again() {
        meanwhile.add(() -> put(Duration.ZERO, Task.WAKE, "a"));
        put(Duration.ofSeconds(10), Task.WAKE, "a");

        clock.advance(Duration.ofSeconds(10));

        assertThat(done).containsExactly("WAKE a", "WAKE a");
        assertThat(left()).isZero();
    }

    @Test
    void restart_does_what_was_due_meanwhile() {
        put(Duration.ofSeconds(10), Task.WAKE, "a");
        MovableClock later = new MovableClock(NOON.plusSeconds(60));

        new Timetable<>(Task.class, ROWS, tables, later, this::perform).start();
        later.advance(Duration.ZERO);

        assertThat(done).containsExactly("WAKE a");
    }
}
