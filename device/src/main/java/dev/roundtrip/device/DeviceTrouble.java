package dev.roundtrip.device;

import dev.roundtrip.protocol.Target;
import java.time.Duration;

/** Something about a device that somebody should look at. */
public sealed interface DeviceTrouble {

    /** Who has it. */
    Target device();

    /** What it is, one sentence. */
    String reason();

    /** The device's clock and the gateway's disagree.
     *
     * @param ahead how far the device's is ahead, or behind when negative; what a request was under way is part of it
     */
    record ClockSkew(Target device, Duration ahead) implements DeviceTrouble {
        @Override
        public String reason() {
            return "the device's clock is "
                    + (ahead.isNegative()
                            ? ahead.negated().toSeconds() + " s behind the gateway's"
                            : ahead.toSeconds() + " s ahead of the gateway's, or requests are under way as long")
                    + ": deadlines are compared with it";
        }
    }

    /** Something is wrong with the file in which the device remembers keys and counters.
     *
     * @param reason what and what follows, one sentence
     */
    record Store(Target device, String reason) implements DeviceTrouble {}

    /** A shadow's service does not take what the device sends.
     *
     * @param reason what it says, one sentence
     */
    record Shadow(Target device, String reason) implements DeviceTrouble {}

    /** The service of commands does not take what the device sends.
     *
     * @param reason what it says, one sentence
     */
    record Command(Target device, String reason) implements DeviceTrouble {}

    /** The service of jobs does not take what the device sends, or a job cannot go on.
     *
     * @param reason what it says, one sentence
     */
    record Job(Target device, String reason) implements DeviceTrouble {}
}
