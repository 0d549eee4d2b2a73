package dev.roundtrip.device.responder;

import java.time.Duration;

/** What one device takes on.
 *
 * @param maxInFlight the most commands at work at once, 1 or more; beyond, they are refused as {@code busy}, for good
 * @param maxRemembered the most calls remembered until their deadline, 1 or more; beyond, new ones neither run nor are
 *     answered, because forgetting one could run it twice
 * @param maxAnswerBytes the most bytes of answers kept for repeated requests, 0 or more; beyond, the eldest go, and
 *     their calls still do not run again
 * @param clockTolerance by how much this device's clock may be ahead of the gateway's, zero or more; deadlines are
 *     extended by it
 * @param maxDeadline how far in the future a deadline may be, more than zero; beyond, clocks disagree and the command
 *     is refused
 */
public record Limits(
        int maxInFlight, int maxRemembered, long maxAnswerBytes, Duration clockTolerance, Duration maxDeadline) {
    /** 10,000 at work, 250,000 remembered with 32 MB of answers, clocks that agree, deadlines within an hour. */
    public static final Limits DEFAULT = new Limits(10_000, 250_000, 32L << 20, Duration.ZERO, Duration.ofHours(1));

    /** @throws IllegalArgumentException when a value is out of its range */
    public Limits {
        require(maxInFlight >= 1, "maxInFlight must be 1 or more");
        require(maxRemembered >= 1, "maxRemembered must be 1 or more");
        require(maxAnswerBytes >= 0, "maxAnswerBytes must be 0 or more");
        require(!clockTolerance.isNegative(), "clockTolerance must be zero or more");
        require(maxDeadline.isPositive(), "maxDeadline must be more than zero");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** The same, with another number of commands at work at once. */
    public Limits withMaxInFlight(int commands) {
        return new Limits(commands, maxRemembered, maxAnswerBytes, clockTolerance, maxDeadline);
    }

    /** The same, for a clock that may be ahead of the gateway's by so much. */
    public Limits withClockTolerance(Duration tolerance) {
        return new Limits(maxInFlight, maxRemembered, maxAnswerBytes, tolerance, maxDeadline);
    }
}
