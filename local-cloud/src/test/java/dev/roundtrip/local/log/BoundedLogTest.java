package dev.roundtrip.local.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.log.LogLine.Level;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedLogTest {
    private final List<String> lines = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>();
    private final BoundedLog log = new BoundedLog(lines::add, ends::add);

    private void refuse(Event event, String refusal, int times) {
        for (int i = 0; i < times; i++) {
            log.accept(event, refusal, () -> LogLine.of(Level.WARN, event).with(Member.REFUSAL, refusal));
        }
    }

    private void passASecond() {
        List<Runnable> ended = List.copyOf(ends);
        ends.clear();
        ended.forEach(Runnable::run);
    }

    @Test
    void flood_of_one_kind_is_cut_and_counted() {
        refuse(Event.CONNECT_REFUSED, "NOT_AUTHORIZED", BoundedLog.MOST + 5);
        assertThat(lines).hasSize(BoundedLog.MOST);

        passASecond();

        assertThat(lines).hasSize(BoundedLog.MOST + 1);
        assertThat(lines.getLast())
                .isEqualTo("{\"level\":\"WARN\",\"event\":\"left_out\",\"of\":\"connect_refused\","
                        + "\"refusal\":\"NOT_AUTHORIZED\",\"count\":5}");
    }

    @Test
    void flood_of_one_kind_hides_no_other() {
        refuse(Event.CONNECT_REFUSED, "NOT_AUTHORIZED", 1_000);
        refuse(Event.CONNECT_REFUSED, "QUOTA_EXCEEDED", 1);
        refuse(Event.PUBLISH_REFUSED, "NOT_AUTHORIZED", 1);

        assertThat(lines).hasSize(BoundedLog.MOST + 2);
    }

    @Test
    void next_second_has_its_own_lines() {
        refuse(Event.CONNECT_REFUSED, "NOT_AUTHORIZED", BoundedLog.MOST);
        passASecond();
        refuse(Event.CONNECT_REFUSED, "NOT_AUTHORIZED", BoundedLog.MOST);
        passASecond();

        assertThat(lines).hasSize(2 * BoundedLog.MOST).noneMatch(line -> line.contains("left_out"));
    }

    @Test
    void what_was_left_out_is_told_once_at_the_end() {
        refuse(Event.REQUEST, "Forbidden", BoundedLog.MOST + 1);

        log.close();
        passASecond();

        assertThat(lines).hasSize(BoundedLog.MOST + 1);
        assertThat(lines.getLast()).contains("left_out", "\"count\":1");
    }
}
