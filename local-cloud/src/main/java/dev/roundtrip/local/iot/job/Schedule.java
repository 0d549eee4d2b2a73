package dev.roundtrip.local.iot.job;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** When a job runs. Moments are in milliseconds since the epoch. Immutable.
 *
 * @param start 0 for a job that starts when it is made
 * @param end 0 for none
 * @param windows none for a job that is always shown
 */
record Schedule(long start, long end, EndBehavior endBehavior, List<Window> windows) {
    private static final Schedule NONE = new Schedule(0, 0, EndBehavior.STOP_ROLLOUT, List.of());
    private static final long MINUTE = 60_000;

    /** Source: service model {@code iot-2015-05-28}: {@code YYYY-MM-DD HH:MM}; the developer guide: in UTC. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withResolverStyle(ResolverStyle.STRICT);

    Schedule {
        windows = List.copyOf(windows);
    }

    /** What becomes of executions at the end time. */
    enum EndBehavior {
        /** Nothing more is queued; what is queued goes on. */
        STOP_ROLLOUT,
        /** What is queued is cancelled. */
        CANCEL,
        /** What is queued or in progress is cancelled. */
        FORCE_CANCEL
    }

    /** A maintenance window that recurs. */
    record Window(CronExpression start, long millis) {
        /** When the window opened that is open at a moment; empty when none is. */
        OptionalLong openedAt(long now) {
            OptionalLong opened = start.next(now - millis);
            return opened.isPresent() && opened.getAsLong() <= now ? opened : OptionalLong.empty();
        }
    }

    static Schedule of(Job job) {
        return of(job.configs().schedulingConfig());
    }

    /** Reads a schedule.
     *
     * @throws IllegalArgumentException when a time or a window cannot be read
     */
    static Schedule of(JobConfigs.@Nullable Scheduling config) {
        if (config == null) {
            return NONE;
        }
        return new Schedule(
                time(config.startTime()),
                time(config.endTime()),
                config.endBehavior() == null ? EndBehavior.STOP_ROLLOUT : EndBehavior.valueOf(config.endBehavior()),
                config.maintenanceWindows().stream()
                        .map(window ->
                                new Window(CronExpression.of(window.startTime()), window.durationInMinutes() * MINUTE))
                        .toList());
    }

    private static long time(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException("a time is YYYY-MM-DD HH:MM", wrong);
        }
    }

    /** A moment as it stands in requests. */
    static String text(long time) {
        return TIME.format(LocalDateTime.ofInstant(Instant.ofEpochMilli(time), ZoneOffset.UTC));
    }

    /** Whether executions come to things and are shown to them. */
    boolean isOpen(long now) {
        return start <= now
                && (windows.isEmpty()
                        || windows.stream()
                                .anyMatch(window -> window.openedAt(now).isPresent()));
    }

    boolean hasEnded(long now) {
        return end != 0 && end <= now;
    }

    /** When the next window opens or closes; 0 for a job without windows. */
    long nextWindow(long now) {
        return windows.stream()
                .flatMapToLong(window -> LongStream.concat(
                        window.start().next(now).stream(),
                        window.openedAt(now).stream().map(opened -> opened + window.millis())))
                .min()
                .orElse(0);
    }

    /** When the next windows open.
     *
     * @param most how many at most
     */
    List<Long> nextOpenings(long now, int most) {
        List<Long> openings = new ArrayList<>();
        long after = Math.max(now, start - 1);
        while (openings.size() < most) {
            long from = after;
            OptionalLong next = windows.stream()
                    .flatMapToLong(window -> window.start().next(from).stream())
                    .min();
            if (next.isEmpty() || (end != 0 && next.getAsLong() >= end)) {
                break;
            }
            after = next.getAsLong();
            openings.add(after);
        }
        return openings;
    }
}
