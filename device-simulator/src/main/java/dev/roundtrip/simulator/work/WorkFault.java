package dev.roundtrip.simulator.work;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** What goes wrong with jobs and commands.
 *
 * @param kind what
 * @param number milliseconds or percent, for those kinds that have one
 * @param moment when exactly the power goes
 */
public record WorkFault(Kind kind, int number, Moment moment) {
    /** All goes well. */
    public static final WorkFault NONE = new WorkFault(Kind.NONE, 0, Moment.AFTER);

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
        /** The power goes once, when so much of a job is done. */
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

    /** When a power cut comes, seen from the report that so much is done. */
    public enum Moment {
        /** The service is not told. */
        BEFORE,
        /** The report is on its way, and nobody knows whether it arrives. */
        DURING,
        /** The service has it, and nothing else has begun. */
        AFTER,
        /** The service has it, and the device does what comes next. */
        LATER
    }

    /** Reads one as a command line has it: {@code slow=MS}, {@code fail}, {@code silent}, {@code power-cut=PERCENT} or
     * {@code reboot}.
     *
     * @param random decides the moment of a power cut
     * @throws IllegalArgumentException when it is none
     */
    public static WorkFault of(String text, RandomGenerator random) {
        String[] parts = text.split("=", 2);
        for (Kind kind : Kind.values()) {
            if (kind != Kind.NONE && kind.word().equals(parts[0]) && kind.hasNumber() == (parts.length == 2)) {
                int number = kind.hasNumber() ? number(parts[1], kind) : 0;
                return new WorkFault(kind, number, kind == Kind.POWER_CUT ? moment(random) : Moment.AFTER);
            }
        }
        throw new IllegalArgumentException(
                "--work-fault must be slow=MS, fail, silent, power-cut=PERCENT or reboot, but is '" + text + "'");
    }

    private static Moment moment(RandomGenerator random) {
        // Not the first bits, which generators with small seeds have in common.
        List<Moment> all = List.of(Moment.values());
        return all.get(random.nextInt(ALL) % all.size());
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
        throw new IllegalArgumentException(
                kind == Kind.SLOW
                        ? "--work-fault slow=MS takes whole milliseconds, 0 or more, such as slow=2000"
                        : "--work-fault power-cut=PERCENT takes a whole number from 0 to 100, such as power-cut=50");
    }
}
