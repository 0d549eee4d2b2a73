package dev.roundtrip.local.iot.job;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** The days that the third and the fifth field of a cron expression name; one of both is {@code ?}. */
@FunctionalInterface
interface CronDays {
    /** Whether it is one of the days. */
    boolean has(LocalDate date);

    /** Reads both fields.
     *
     * @throws IllegalArgumentException when they name no days
     */
    static CronDays of(String ofMonth, String ofWeek) {
        if (ofMonth.equals("?") == ofWeek.equals("?")) {
            throw new IllegalArgumentException("one of day-of-month and day-of-week is ?, and the other one is not");
        }
        return ofWeek.equals("?") ? ofMonth(ofMonth.toUpperCase(Locale.ROOT)) : ofWeek(ofWeek.toUpperCase(Locale.ROOT));
    }

    private static CronDays ofMonth(String text) {
        if (text.equals("L")) {
            return date -> date.getDayOfMonth() == date.lengthOfMonth();
        }
        if (text.equals("LW")) {
            return date -> date.equals(weekday(date.with(TemporalAdjusters.lastDayOfMonth())));
        }
        if (text.endsWith("W")) {
            int day = new CronField(1, 31, List.of()).value(text.substring(0, text.length() - 1));
            return date -> day <= date.lengthOfMonth() && date.equals(weekday(date.withDayOfMonth(day)));
        }
        BitSet days = CronField.of(text, 1, 31);
        return date -> days.get(date.getDayOfMonth());
    }

    private static CronDays ofWeek(String text) {
        int hash = text.indexOf('#');
        if (hash > 0) {
            int day = CronField.DAYS_OF_WEEK.value(text.substring(0, hash));
            int week = new CronField(1, 5, List.of()).value(text.substring(hash + 1));
            return date -> isOn(date, day) && (date.getDayOfMonth() - 1) / 7 + 1 == week;
        }
        if (text.length() > 1 && text.endsWith("L")) {
            int day = CronField.DAYS_OF_WEEK.value(text.substring(0, text.length() - 1));
            return date -> isOn(date, day) && date.getDayOfMonth() + 7 > date.lengthOfMonth();
        }
        BitSet days = text.equals("L") ? CronField.DAYS_OF_WEEK.read("7") : CronField.DAYS_OF_WEEK.read(text);
        return date -> days.get(CronExpression.number(date.getDayOfWeek()));
    }

    private static boolean isOn(LocalDate date, int day) {
        return CronExpression.number(date.getDayOfWeek()) == day;
    }

    /** The weekday that is nearest to a day, in the same month. */
    private static LocalDate weekday(LocalDate date) {
        if (date.getDayOfWeek() == DayOfWeek.SATURDAY) {
            return date.getDayOfMonth() == 1 ? date.plusDays(2) : date.minusDays(1);
        }
        if (date.getDayOfWeek() == DayOfWeek.SUNDAY) {
            return date.getDayOfMonth() == date.lengthOfMonth() ? date.minusDays(2) : date.plusDays(1);
        }
        return date;
    }
}
