package dev.roundtrip.local.time;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import java.util.Optional;

/** Remembers that the clock of services went faster than the system's. Each start begins at the system's time, so that
 * the clock goes back after such a run: the next start has to say so.
 */
public final class FasterRuns {
    private static final Table CLOCK = new Table("service_clock");

    /** The one row. Its value is the rate of the last run that was faster. */
    private static final String RATE = "rate";

    private FasterRuns() {}

    /** Notes that a run begins.
     *
     * @param rate of its clock, 1 for the system's
     * @return what the user must know of an earlier run; empty when there is nothing
     */
    public static Optional<String> begin(TableStore store, int rate) {
        Optional<byte[]> earlier = store.read(rows -> rows.get(CLOCK, RATE));
        if (earlier.isPresent() || rate > 1) {
            store.write(rows -> {
                if (rate > 1) {
                    rows.put(CLOCK, RATE, Integer.toString(rate).getBytes(US_ASCII));
                } else {
                    rows.delete(CLOCK, RATE);
                }
                return rate;
            });
        }
        return earlier.map(value -> "The services' clock goes back to the system's time: an earlier run had"
                + " --clock-rate " + new String(value, US_ASCII)
                + ". Its time stamps may be in the future, and its timers end then.");
    }
}
