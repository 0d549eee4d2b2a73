package dev.roundtrip.device.update;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long a device waits for a service.
 *
 * @param answer for an answer
 * @param first before the first repetition; each following pause is twice as long, and each is shortened at random
 * @param longest the longest pause
 * @param giveUp after this time a last update is given up
 */
public record Patience(Duration answer, Duration first, Duration longest, Duration giveUp) {
    /** Our choice. AWS's own client waits 10 s for an answer. */
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofHours(24));

    /** A part of a pause, at random from half of it to the whole: devices that a service has refused together do not
     * come back together. Our choice.
     */
    public static Duration jittered(Duration pause) {
        long half = pause.toNanos() / 2;
        return pause.minusNanos(ThreadLocalRandom.current().nextLong(half + 1));
    }

    /** The pause after this one. */
    public Duration after(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(longest) > 0 ? longest : doubled;
    }
}
