package dev.roundtrip.local.iot.job;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** A field of a cron expression: numbers in a range, some of which have names.
 *
 * @param names of the numbers from the least one on; none where they have no names
 */
record CronField(int least, int greatest, List<String> names) {
    static final CronField MONTHS = new CronField(
            1, 12, List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));
    static final CronField DAYS_OF_WEEK = new CronField(1, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    CronField {
        names = List.copyOf(names);
    }

    /** The numbers of a field without names. */
    static BitSet of(String text, int least, int greatest) {
        return new CronField(least, greatest, List.of()).read(text);
    }

    /** The numbers that a text such as {@code 1,3-5,0/15} names.
     *
     * @throws IllegalArgumentException when it names none
     */
    BitSet read(String text) {
        BitSet numbers = new BitSet();
        for (String part : text.split(",", -1)) {
            String[] step = part.split("/", -1);
            if (step.length > 2) {
                throw wrong(part);
            }
            int by = step.length == 2 ? number(step[1]) : 1;
            int[] range = range(step[0], step.length == 2);
            if (by < 1 || range[0] > range[1]) {
                throw wrong(part);
            }
            for (int number = range[0]; number <= range[1]; number += by) {
                numbers.set(number);
            }
        }
        return numbers;
    }

    private int[] range(String text, boolean open) {
        if (text.equals("*")) {
            return new int[] {least, greatest};
        }
        String[] ends = text.split("-", -1);
        if (ends.length > 2) {
            throw wrong(text);
        }
        int first = value(ends[0]);
        int last = ends.length == 2 ? value(ends[1]) : open ? greatest : first;
        return new int[] {first, last};
    }

    /** A number of the field, or the number of a name. */
    int value(String text) {
        int index = names.indexOf(text.toUpperCase(Locale.ROOT));
        int number = index >= 0 ? least + index : number(text);
        if (number < least || number > greatest) {
            throw wrong(text);
        }
        return number;
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,4}")) {
            throw wrong(text);
        }
        return Integer.parseInt(text);
    }

    static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("a field of a cron expression cannot have " + text);
    }
}
