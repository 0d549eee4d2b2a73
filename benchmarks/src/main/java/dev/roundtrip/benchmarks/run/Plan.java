package dev.roundtrip.benchmarks.run;

import java.time.Duration;
import java.util.List;

/** How much is measured.
 *
 * @param warmUp before anything is measured, at many clients and again at one
 * @param rounds how often each measurement takes turns with its reference
 * @param turn how long one turn lasts
 * @param clients how many clients throughput is measured with, ascending
 * @param inFlight how many calls wait at once, ascending
 * @param devices how many devices are called, ascending
 */
public record Plan(
        Duration warmUp,
        int rounds,
        Duration turn,
        List<Integer> clients,
        List<Integer> inFlight,
        List<Integer> devices) {
    private static final List<Integer> CLIENTS = List.of(1, 8, 64, 256);
    private static final List<Integer> IN_FLIGHT = List.of(1, 10, 100, 1_000, 10_000);
    private static final List<Integer> DEVICES = List.of(1, 10, 100, 1_000);

    /** What is published. */
    public static final Plan FULL =
            new Plan(Duration.ofSeconds(15), 5, Duration.ofSeconds(5), CLIENTS, IN_FLIGHT, DEVICES);

    /** What is published of the packaged function: seven things take turns, twice. */
    public static final Plan DEPLOYED =
            new Plan(Duration.ofSeconds(15), 3, Duration.ofSeconds(5), CLIENTS, IN_FLIGHT, DEVICES);

    /** Under two minutes. */
    public static final Plan QUICK = new Plan(
            Duration.ofSeconds(8), 1, Duration.ofSeconds(2), List.of(64, 256), List.of(1, 10_000), List.of(1, 1_000));

    /** Shows that everything works, and nothing else. */
    public static final Plan SMOKE =
            new Plan(Duration.ofMillis(200), 1, Duration.ofMillis(200), List.of(1, 4), List.of(1, 20), List.of(1, 3));

    public Plan {
        clients = List.copyOf(clients);
        inFlight = List.copyOf(inFlight);
        devices = List.copyOf(devices);
    }
}
