package dev.roundtrip.simulator.work;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What goes wrong with jobs and commands.
 *
 * @param kind what
 * @param number milliseconds or percent, for those kinds that have one
 */
public record WorkFault(Kind kind, int number) {
    /** All goes well. */
    public static final WorkFault NONE = new WorkFault(Kind.NONE, 0);

    private static final int ALL = 100;

    /** What can go wrong. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** Each job and each command begins late. */
        SLOW,
        /** Each of them fails. */
        FAIL,
        /** Each of them begins, and nothing more is heard of it. */
        SILENT,
        /** The power goes once, when a job reports that so much is done. */
        POWER_CUT,
        /** The power goes once, when a job reports for the first time, or a command begins. */
        REBOOT;

        private boolean hasNumber() {
            return this == SLOW || this == POWER_CUT;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Reads one as a command line has it: {@code slow=MS}, {@code fail}, {@code silent}, {@code power-cut=PERCENT} or
     * {@code reboot}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static WorkFault of(String text) {
        String[] parts = text.split("=", 2);
        for (Kind kind : Kind.values()) {
            if (kind != Kind.NONE && kind.word().equals(parts[0]) && kind.hasNumber() == (parts.length == 2)) {
                int number = kind.hasNumber() ? number(parts[1], kind) : 0;
                return new WorkFault(kind, number);
            }
        }
        String kinds = Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.NONE)
                .map(kind -> kind.word() + (kind.hasNumber() ? "=N" : ""))
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("--work-fault must be one of " + kinds);
    }

    private static int number(String text, Kind kind) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && (kind == Kind.SLOW || number <= ALL)) {
                return number;
            }
        } catch (NumberFormatException told) {
            // Told below.
        }
        throw new IllegalArgumentException("--work-fault takes milliseconds, or a percentage from 0 to 100");
    }
}
