package dev.roundtrip.invoke;

import java.util.function.LongSupplier;

/** Where the time of one call went: the parts of the {@code Server-Timing} header. Belongs to one call; not
 * thread-safe.
 */
public final class Timings {
    private final LongSupplier nanoTime;
    private final StringBuilder header = new StringBuilder(64);
    private long last;

    /** Starts measuring.
     *
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public Timings(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** Names what was done since the last mark.
     *
     * @param part a token as RFC 9110 means it, e.g. {@code publish}
     */
    public void mark(String part) {
        long now = nanoTime.getAsLong();
        if (!header.isEmpty()) {
            header.append(", ");
        }
        header.append(part).append(";dur=");
        appendMilliseconds(now - last);
        last = now;
    }

    private void appendMilliseconds(long nanos) {
        long micros = nanos / 1_000;
        header.append(micros / 1_000).append('.');
        long fraction = micros % 1_000;
        header.append(fraction < 100 ? "0" : "")
                .append(fraction < 10 ? "0" : "")
                .append(fraction);
    }

    /** The header's value, e.g. {@code subscribe;dur=0.004, publish;dur=0.082, device;dur=0.713}, in milliseconds;
     * empty when nothing was marked.
     */
    public String header() {
        return header.toString();
    }
}
