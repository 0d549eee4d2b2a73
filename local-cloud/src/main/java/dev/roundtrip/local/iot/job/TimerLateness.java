package dev.roundtrip.local.iot.job;

/** How late timers may end an execution.
 *
 * <p>Source: service model {@code iot-2015-05-28}, {@code approximateSecondsBeforeTimedOut}: the time-out interval can
 * be up to 60 s longer.
 */
public enum TimerLateness {
    /** At once. */
    NONE {
        @Override
        long end(long millis) {
            return millis;
        }
    },

    /** As AWS: at the next whole minute. */
    AWS {
        @Override
        long end(long millis) {
            return Math.ceilDiv(millis, MINUTE) * MINUTE;
        }
    };

    private static final long MINUTE = 60_000;

    /** When a timer counts that ends at a moment; in milliseconds. */
    abstract long end(long millis);
}
