package dev.roundtrip.invoke;

import java.time.Duration;

/** How long callers may wait.
 *
 * @param byDefault for a caller that does not say; at least 1 s, at most {@code max}
 * @param max the longest that a caller may ask for; at least 1 s
 */
public record TimeLimits(Duration byDefault, Duration max) {

    /** @throws IllegalArgumentException when the default is not within 1 s and the maximum */
    public TimeLimits {
        if (byDefault.compareTo(Duration.ofSeconds(1)) < 0 || byDefault.compareTo(max) > 0) {
            throw new IllegalArgumentException("the default time-out must be from 1 s to the maximum, "
                    + max.toSeconds() + " s, but is " + byDefault.toSeconds() + " s");
        }
    }
}
