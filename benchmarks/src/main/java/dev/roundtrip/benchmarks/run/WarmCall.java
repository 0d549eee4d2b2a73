package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.report.Target;
import java.util.List;

/** One client that calls again and again, beside one that asks over bare MQTT, one that asks the bare server, and one
 * that does both in a row.
 */
final class WarmCall {
    private static final double MAX_P50_RATIO = 1.5;
    private static final double MAX_P99_RATIO = 2;

    /** Of the call's median to that of both bare round trips in a row. */
    static final double MAX_ROW_RATIO = 1.2;

    private WarmCall() {}

    static Outcome measure(Subjects subjects, Plan plan) throws InterruptedException {
        List<RoundTrips> all =
                List.of(subjects.calls(), subjects.mqtt(), subjects.waited(), subjects.http(), subjects.inARow());
        List<Sample> samples = Turns.take(all, 1, plan);
        Sample call = samples.get(0);
        Sample mqtt = samples.get(1);
        Sample waited = samples.get(2);
        Sample http = samples.get(3);
        Sample inARow = samples.get(4);
        Table table = new Table(
                Latencies.COLUMNS,
                List.of(
                        Latencies.row("signed call", call),
                        Latencies.row("bare MQTT round trip", mqtt),
                        Latencies.row("the same, a thread waits", waited),
                        Latencies.row("bare HTTP round trip", http),
                        Latencies.row("HTTP, then MQTT, a thread waits", inARow),
                        Latencies.ratio("call ÷ bare MQTT", call, mqtt),
                        Latencies.ratio("call ÷ the same, a thread waits", call, waited),
                        Latencies.ratio("call ÷ HTTP, then MQTT", call, inARow)));
        Section section = new Section(
                "warm-call",
                "Warm call, one client",
                "One client on one kept-alive connection signs each call anew and asks again as soon as it is answered."
                        + " In turns of "
                        + plan.turn().toMillis() + " ms, " + plan.rounds()
                        + " of each, with the gateway's MQTT client on the gateway's listener (signed WebSocket over"
                        + " TLS) asking the same device for the same, first from callback to callback, then with a"
                        + " thread that waits for each answer as every call has one; and with the same HTTP client"
                        + " asking the same server for a path that it does not have (403); and with one thread that"
                        + " does both, one after the other, and waits for each.",
                table,
                List.of(Latencies.plot(
                        "How long one client waits",
                        List.of(
                                Latencies.line("signed call", call),
                                Latencies.line("bare MQTT", mqtt),
                                Latencies.line("bare HTTP", http),
                                Latencies.line("HTTP, then MQTT", inARow)))));
        long errors = call.errors() + mqtt.errors() + waited.errors() + http.errors() + inARow.errors();
        return new Outcome(
                section,
                List.of(
                        Target.atMost("warm call, p50 ÷ bare MQTT", MAX_P50_RATIO, call.millis(50) / mqtt.millis(50)),
                        Target.atMost("warm call, p99 ÷ bare MQTT", MAX_P99_RATIO, call.millis(99) / mqtt.millis(99)),
                        Target.atMost(
                                "warm call, p50 ÷ HTTP, then MQTT", MAX_ROW_RATIO, call.millis(50) / inARow.millis(50)),
                        Target.atMost("warm call, errors", 0, (double) errors)));
    }
}
