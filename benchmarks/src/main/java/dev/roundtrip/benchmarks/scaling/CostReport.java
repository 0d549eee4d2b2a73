package dev.roundtrip.benchmarks.scaling;

import dev.roundtrip.benchmarks.report.TextTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables.
 *
 * @param model what reckons
 * @param axes what is varied
 * @param typical what is held where it is not varied
 */
record CostReport(CostModel model, Axes axes, Workload typical) {

    /** What the tables vary, each in the order of its rows. */
    record Axes(List<Duration> latencies, List<Integer> memories, List<Double> callsPerSecond, List<Long> devices) {
        Axes {
            latencies = List.copyOf(latencies);
            memories = List.copyOf(memories);
            callsPerSecond = List.copyOf(callsPerSecond);
            devices = List.copyOf(devices);
        }
    }

    /** A table, and what it shows. */
    record Titled(String title, TextTable table) {}

    /** All of them, in the order of reading. */
    List<Titled> tables() {
        return List.of(costs(), bill(), traffic(), prices(), sizing(), ceilings(), raises(), fleets());
    }

    private Titled prices() {
        List<List<String>> rows = new ArrayList<>();
        for (Price price : Price.values()) {
            boolean listed = model.prices().usd(price) == price.usd;
            rows.add(List.of(
                    price.item,
                    plain(model.prices().usd(price)),
                    price.unit,
                    listed ? price.region : "-",
                    listed ? price.date : "-",
                    listed ? price.source : "given"));
        }
        return new Titled("Prices", new TextTable(List.of("item", "USD", "per", "region", "as of", "source"), rows));
    }

    private static Titled traffic() {
        return byPattern(
                "What the broker sees, for each call (and once for each warm connection)",
                "packets",
                List.of(
                        counted("CONNECT", Traffic::connects),
                        counted("SUBSCRIBE", Traffic::subscribes),
                        counted("UNSUBSCRIBE (free)", Traffic::unsubscribes),
                        counted("PUBLISH in", Traffic::publishes),
                        counted("SendDirectMessage", Traffic::directs),
                        counted("PUBLISH out", Traffic::deliveries),
                        counted("PUBACK of clients", Traffic::acknowledgements)));
    }

    private static Line counted(String title, Function<Traffic, Long> count) {
        return new Line(title, pattern -> {
            long once = count.apply(pattern.connection());
            return count.apply(pattern.call) + (once == 0 ? "" : " (+" + once + ")");
        });
    }

    private Titled costs() {
        List<Line> lines = new ArrayList<>();
        for (Duration latency : axes.latencies()) {
            for (int memory : axes.memories()) {
                Workload workload = new Workload(latency, memory, typical.callsPerSecond());
                lines.add(new Line(
                        Spans.format(latency) + ", " + memory + " MB",
                        pattern -> usd(model.bill(pattern, workload).total())));
            }
        }
        return byPattern(
                "USD per million calls at " + count(typical.callsPerSecond()) + " calls/s", "device, function", lines);
    }

    private Titled bill() {
        List<Line> lines = new ArrayList<>();
        for (Bill.Item item : Bill.Item.values()) {
            lines.add(new Line(
                    item.title, pattern -> usd(model.bill(pattern, typical).usd(item))));
        }
        lines.add(new Line("total", pattern -> usd(model.bill(pattern, typical).total())));
        return byPattern("USD per million calls, item by item: " + describe(typical), "item", lines);
    }

    private Titled sizing() {
        List<List<String>> rows = new ArrayList<>();
        for (double rate : axes.callsPerSecond()) {
            Workload workload = typical.withCallsPerSecond(rate);
            Sizing sizing = model.sizing(workload);
            rows.add(List.of(
                    count(rate),
                    count(sizing.byConnections()),
                    count(sizing.byThreads()),
                    count(sizing.environments()),
                    usd(model.bill(Pattern.MANAGED, workload).usd(Bill.Item.COMPUTE)),
                    usd(model.bill(Pattern.PER_CALL, workload).usd(Bill.Item.COMPUTE))));
        }
        return new Titled(
                "Managed Instances: environments of 1 vCPU and 2 GB, and what they cost beside on-demand GB-s, in USD"
                        + " per million calls",
                new TextTable(
                        List.of("calls/s", "for messages", "for threads", "environments", "instances", "on demand"),
                        rows));
    }

    private Titled ceilings() {
        List<Line> lines = new ArrayList<>();
        Workload one = typical.withCallsPerSecond(1);
        for (Quota quota : Quota.values()) {
            lines.add(new Line(quota.title + " (" + count(quota.limit) + ")", pattern -> {
                // Environments have a least number: what one call more takes is told by many.
                double demand = quota.demand(model, pattern, one.withCallsPerSecond(1e9)) / 1e9;
                return demand == 0 ? "-" : count(Math.floor(quota.limit / demand + 1e-6));
            }));
        }
        return byPattern(
                "Calls/s at which a default quota ends the growth: a device of " + Spans.format(typical.latency()),
                "quota",
                lines);
    }

    private Titled raises() {
        List<Line> lines = new ArrayList<>();
        for (double rate : axes.callsPerSecond()) {
            Workload workload = typical.withCallsPerSecond(rate);
            lines.add(new Line(count(rate), pattern -> raises(pattern, workload)));
        }
        return byPattern(
                "What to raise, and how many times, the tightest first: a device of " + Spans.format(typical.latency()),
                "calls/s",
                lines);
    }

    private String raises(Pattern pattern, Workload workload) {
        String raises = Arrays.stream(Quota.values())
                .filter(quota -> excess(quota, pattern, workload) > 1)
                .sorted(Comparator.comparingDouble(quota -> -excess(quota, pattern, workload)))
                .map(quota -> quota + " " + times(excess(quota, pattern, workload)))
                .collect(Collectors.joining(", "));
        return raises.isEmpty() ? "nothing" : raises;
    }

    private double excess(Quota quota, Pattern pattern, Workload workload) {
        return quota.demand(model, pattern, workload) / quota.limit;
    }

    private Titled fleets() {
        List<List<String>> rows = new ArrayList<>();
        for (long devices : axes.devices()) {
            rows.add(List.of(
                    count(devices),
                    devices <= Quota.CONNECTIONS.limit ? "within" : times(devices / Quota.CONNECTIONS.limit),
                    Spans.format(Duration.ofSeconds((long) Math.ceil(devices / Quota.CONNECTS.limit))),
                    usd(model.monthlyConnectivity(devices))));
        }
        return new Titled(
                "A fleet that is always connected, one subscription each",
                new TextTable(
                        List.of(
                                "devices",
                                "quota of connections, of subscriptions",
                                "to reconnect all",
                                "USD for 30 days"),
                        rows));
    }

    private static String describe(Workload workload) {
        return "a device of " + Spans.format(workload.latency()) + ", " + workload.memoryMegabytes() + " MB, "
                + count(workload.callsPerSecond()) + " calls/s";
    }

    /** One row of a table whose columns are the patterns. */
    private record Line(String title, Function<Pattern, String> cell) {}

    private static Titled byPattern(String title, String corner, List<Line> lines) {
        List<String> header = Stream.concat(
                        Stream.of(corner), Arrays.stream(Pattern.values()).map(pattern -> pattern.title))
                .toList();
        List<List<String>> rows = lines.stream()
                .map(line -> Stream.concat(
                                Stream.of(line.title()),
                                Arrays.stream(Pattern.values()).map(line.cell()))
                        .toList())
                .toList();
        return new Titled(title, new TextTable(header, rows));
    }

    private static String usd(double amount) {
        return String.format(Locale.ROOT, "%,.2f", amount);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String count(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%,.0f", number)
                : String.format(Locale.ROOT, "%,.1f", number);
    }

    private static String times(double excess) {
        return "x" + plain(Math.ceil(excess * 10) / 10);
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
