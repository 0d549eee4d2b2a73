package dev.roundtrip.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** How long to wait before a call is repeated. The waits of many callers differ, so that they do not come back at once.
 *
 * @param random numbers from 0 to 1; threads share it
 */
record Pauses(DoubleSupplier random) {
    /** The longest first wait where the server names none. */
    static final Duration FIRST = Duration.ofMillis(500);

    /** The longest wait where the server names none. */
    static final Duration LONGEST = Duration.ofSeconds(16);

    private static final int DOUBLINGS = 5;

    /** The wait before the next try: what the server asks for and up to a fifth more; else half to the whole of a time
     * that doubles with each try.
     *
     * @param tries how many there were, 1 or more
     * @param retryAfter what the server asks for; null when it does not say
     */
    Duration after(int tries, @Nullable Duration retryAfter) {
        if (retryAfter != null && retryAfter.isPositive()) {
            return retryAfter.plusNanos((long) (retryAfter.toNanos() * 0.2 * random.getAsDouble()));
        }
        Duration longest = FIRST.multipliedBy(1L << Math.min(tries - 1, DOUBLINGS));
        return Duration.ofNanos((long) (longest.toNanos() * (0.5 + 0.5 * random.getAsDouble())));
    }
}
