package dev.roundtrip.benchmarks.scaling;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Reckons what calls cost. Immutable.
 *
 * @param prices what one of each costs
 * @param assumptions what no price list tells
 */
record CostModel(PriceList prices, Assumptions assumptions) {
    private static final double MILLION = 1e6;
    private static final double MEGABYTES_PER_GIGABYTE = 1024;
    private static final double BYTES_PER_LOG_GIGABYTE = 1e9;
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double SECONDS_PER_MONTH = 30 * 24 * SECONDS_PER_HOUR;

    /** What is metered as one message; source: AWS IoT Core pricing, "additional metering details". */
    private static final long UNIT_BYTES = 5 * 1024;

    /** A million calls by a pattern. */
    Bill bill(Pattern pattern, Workload workload) {
        Traffic call = pattern.call;
        Traffic connection = pattern.connection();
        double shared = assumptions.callsPerConnection();
        double message = prices.usd(Price.MESSAGE);
        long command = units(assumptions.requestBytes());
        long answer = units(assumptions.answerBytes());
        Map<Bill.Item, Double> items = new EnumMap<>(Bill.Item.class);
        items.put(Bill.Item.API, prices.usd(Price.API_REQUEST));
        items.put(Bill.Item.FUNCTION_REQUESTS, prices.usd(Price.LAMBDA_REQUEST));
        items.put(Bill.Item.COMPUTE, compute(pattern, workload));
        items.put(Bill.Item.CONNECTIVITY, connectedMinutes(pattern, workload) * prices.usd(Price.CONNECTION_MINUTE));
        items.put(Bill.Item.CONNECT, (call.connects() + connection.connects() / shared) * message);
        items.put(Bill.Item.SUBSCRIBE, (call.subscribes() + connection.subscribes() / shared) * message);
        items.put(Bill.Item.PUBLISHES, (call.commandPublishes() * command + answer) * message);
        items.put(Bill.Item.DIRECT, call.directs() * command * prices.usd(Price.DIRECT_MESSAGE));
        items.put(Bill.Item.DELIVERIES, (call.commandDeliveries() * command + answer) * message);
        items.put(Bill.Item.ACKNOWLEDGEMENTS, call.acknowledgements() * message);
        items.put(Bill.Item.RULES, 0.0);
        items.put(Bill.Item.LOGS, assumptions.logBytes() * MILLION / BYTES_PER_LOG_GIGABYTE * prices.usd(Price.LOG_GB));
        return new Bill(items);
    }

    private static long units(long bytes) {
        return Math.ceilDiv(bytes, UNIT_BYTES);
    }

    private double compute(Pattern pattern, Workload workload) {
        return switch (pattern.hosting) {
            case ON_DEMAND ->
                workload.memoryMegabytes()
                        / MEGABYTES_PER_GIGABYTE
                        * seconds(pattern, workload.latency())
                        * MILLION
                        * prices.usd(Price.LAMBDA_GB_SECOND);
            case MANAGED ->
                environments(pattern, workload)
                        * prices.usd(Price.VCPU_HOUR)
                        * (1 + prices.usd(Price.MANAGEMENT_FEE))
                        / SECONDS_PER_HOUR
                        / workload.callsPerSecond()
                        * MILLION;
        };
    }

    /** For one call; a connection of its own counts as a minute at least. */
    private double connectedMinutes(Pattern pattern, Workload workload) {
        double minutes = environments(pattern, workload) / workload.callsPerSecond() / SECONDS_PER_MINUTE;
        return pattern.connectsForEachCall() ? Math.max(1, minutes) : minutes;
    }

    /** How long one call occupies the function, in seconds. */
    double seconds(Pattern pattern, Duration latency) {
        Duration own = pattern.connectsForEachCall() ? assumptions.connectTime() : assumptions.warmTime();
        return latency.plus(own).toNanos() / 1e9;
    }

    /** How many execution environments are connected at once, on average; whole ones where they are paid by the hour.
     */
    double environments(Pattern pattern, Workload workload) {
        double busy = workload.callsPerSecond() * seconds(pattern, workload.latency());
        return switch (pattern.hosting) {
            case ON_DEMAND -> pattern.connectsForEachCall() ? busy : busy / assumptions.utilisation();
            case MANAGED -> sizing(workload).environments();
        };
    }

    /** What Managed Instances need. */
    Sizing sizing(Workload workload) {
        Traffic call = Pattern.MANAGED.call;
        // One half of the messages passes the gateway's connection, the other half the device's.
        double messages = (call.publishes() + call.deliveries()) / 2.0;
        double usable = assumptions.utilisation();
        double rate = workload.callsPerSecond();
        return new Sizing((long) Math.ceil(rate * messages / (Sizing.PUBLISHES_PER_CONNECTION * usable)), (long)
                Math.ceil(rate * seconds(Pattern.MANAGED, workload.latency()) / (Sizing.THREADS_PER_VCPU * usable)));
    }

    /** What it costs that devices are connected for 30 days, in USD. */
    double monthlyConnectivity(long devices) {
        return devices * SECONDS_PER_MONTH / SECONDS_PER_MINUTE / MILLION * prices.usd(Price.CONNECTION_MINUTE);
    }
}
