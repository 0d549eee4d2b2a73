package dev.roundtrip.local.iot.job;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Minutes that recur, in UTC: AWS's cron expressions of six fields, such as {@code cron(0 18 ? * MON-FRI *)}.
 * Immutable.
 *
 * <p>Source: Amazon EventBridge user guide, "Cron expressions".
 */
final class CronExpression {
    private static final int FIELDS = 6;
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2199;

    /** How far the next minute is looked for: February 29 comes within eight years. */
    private static final int MAX_DAYS = 8 * 366;

    private final BitSet minutes;
    private final BitSet hours;
    private final CronDays days;
    private final BitSet months;
    private final BitSet years;

    private CronExpression(String[] fields) {
        this.minutes = CronField.of(fields[0], 0, 59);
        this.hours = CronField.of(fields[1], 0, 23);
        this.days = CronDays.of(fields[2], fields[4]);
        this.months = CronField.MONTHS.read(fields[3]);
        this.years = CronField.of(fields[5], FIRST_YEAR, LAST_YEAR);
    }

    /** Reads an expression.
     *
     * @param text with or without {@code cron(…)}
     * @throws IllegalArgumentException when it is none
     */
    static CronExpression of(String text) {
        String fields = text.startsWith("cron(") && text.endsWith(")") ? text.substring(5, text.length() - 1) : text;
        String[] parts = fields.strip().split("\\s+", -1);
        if (parts.length != FIELDS) {
            throw new IllegalArgumentException("a cron expression has six fields");
        }
        return new CronExpression(parts);
    }

    /** The first minute after a moment, both in milliseconds since the epoch; empty when none comes soon. */
    OptionalLong next(long after) {
        LocalDateTime from = LocalDateTime.ofInstant(Instant.ofEpochMilli(after), ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(1);
        for (int day = 0; day < MAX_DAYS; day++) {
            LocalDate date = from.toLocalDate().plusDays(day);
            if (date.getYear() > LAST_YEAR) {
                return OptionalLong.empty();
            }
            if (years.get(date.getYear()) && months.get(date.getMonthValue()) && days.has(date)) {
                LocalTime time = time(day == 0 ? from.toLocalTime() : LocalTime.MIDNIGHT);
                if (time != null) {
                    return OptionalLong.of(
                            date.atTime(time).toInstant(ZoneOffset.UTC).toEpochMilli());
                }
            }
        }
        return OptionalLong.empty();
    }

    private @Nullable LocalTime time(LocalTime from) {
        for (int hour = hours.nextSetBit(from.getHour()); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
            int minute = minutes.nextSetBit(hour == from.getHour() ? from.getMinute() : 0);
            if (minute >= 0) {
                return LocalTime.of(hour, minute);
            }
        }
        return null;
    }

    /** A day of the week as AWS counts it, from 1 for Sunday. */
    static int number(DayOfWeek day) {
        return day.getValue() % 7 + 1;
    }
}
