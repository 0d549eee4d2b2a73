package dev.roundtrip.invoke;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The two clocks of the machine. Thread-safe when both are.
 *
 * <p>Neither of them alone measures how long a process was frozen: the monotonic clock may stand still for that time,
 * and the clock on the wall may be set forward or back. A question such as "may this connection be dead by now?"
 * therefore asks both, and believes the longer time.
 *
 * @param wall the time of day; devices are told deadlines by it
 * @param nanoTime never goes back, in nanoseconds; deadlines run by it
 */
public record Clocks(InstantSource wall, LongSupplier nanoTime) {
    /** The machine's own. */
    public static final Clocks SYSTEM = new Clocks(InstantSource.system(), System::nanoTime);

    /** The clock on the wall may go this much slower than the other one before it counts as set back; our choice. */
    static final Duration TOLERANCE = Duration.ofSeconds(1);

    /** One moment by both clocks; only to be compared with another of the same clocks.
     *
     * @param wallMillis since the epoch
     * @param nanos since any time
     */
    public record Moment(long wallMillis, long nanos) {

        /** The longest time in nanoseconds that may have passed since an earlier moment; never negative.
         *
         * <p>{@link Long#MAX_VALUE} when the clock on the wall was set back: then nobody knows what the other clock
         * missed.
         */
        public long longestSince(Moment earlier) {
            long byTheWall = TimeUnit.MILLISECONDS.toNanos(wallMillis - earlier.wallMillis);
            long monotonic = Math.max(0, nanos - earlier.nanos);
            boolean wasSetBack = byTheWall < monotonic - TOLERANCE.toNanos();
            return wasSetBack ? Long.MAX_VALUE : Math.max(monotonic, byTheWall);
        }
    }

    public Moment now() {
        return new Moment(wall.millis(), nanoTime.getAsLong());
    }

    /** The longest time in nanoseconds that may have passed since then, as {@link Moment#longestSince} has it. */
    public long longestSince(Moment then) {
        return now().longestSince(then);
    }

    /** Whether so much time may have passed since then. */
    public boolean mayHavePassed(Duration time, Moment since) {
        return longestSince(since) >= time.toNanos();
    }
}
