package dev.roundtrip.device.command;

import dev.roundtrip.device.update.Patience;

/** What a device takes on, and what it reports by itself.
 *
 * @param most how many executions are open at a time, 1 or more: those that run, and those whose result the service
 *     does not have yet. Others are rejected with the code {@code BUSY}
 * @param remembered how many ids of ended executions are remembered, so that a message that comes twice runs nothing
 * @param start whether the beginning is reported
 * @param patience how long the service is waited for
 */
public record CommandRules(int most, int remembered, Start start, Patience patience) {
    /** Source of 100: AWS General Reference, AWS IoT Device Management, concurrent executions of a device. The rest is
     * our choice.
     */
    public static final CommandRules DEFAULT = new CommandRules(100, 10_000, Start.SILENT, Patience.DEFAULT);

    /** What is reported when an execution begins. */
    public enum Start {
        /** Nothing: one update for each execution is enough. */
        SILENT,
        /** IN_PROGRESS. */
        REPORTED
    }

    /** @throws IllegalArgumentException when a number is less than 1 */
    public CommandRules {
        if (most < 1 || remembered < 1) {
            throw new IllegalArgumentException("a device must take on 1 execution, and remember 1, at least");
        }
    }

    /** The same, with that many executions at a time. */
    public CommandRules atOnce(int other) {
        return new CommandRules(other, remembered, start, patience);
    }

    /** The same, and the beginning is reported as IN_PROGRESS. */
    public CommandRules reportingStart() {
        return new CommandRules(most, remembered, Start.REPORTED, patience);
    }

    /** The same, with other waits. */
    public CommandRules patience(Patience other) {
        return new CommandRules(most, remembered, start, other);
    }
}
