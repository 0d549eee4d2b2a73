package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.report.Section;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import dev.roundtrip.benchmarks.subject.SignedCalls.Guarantee;
import dev.roundtrip.local.app.LocalCloudSettings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The three ways to listen for answers side by side, and a call with a key or a sequence beside a plain one. */
final class ListeningWays {
    private static final SignedCalls.Command ECHO = new SignedCalls.Command("echo", List.of("device-0"));

    /** More clients would need more subscriptions than a connection of AWS IoT Core has; source: AWS IoT Core message
     * broker limits, "Subscriptions per connection", 50, less those that are prepared ahead.
     */
    private static final int MOST_PER_CALL = 40;

    private ListeningWays() {}

    /** Where the function runs. */
    enum Place {
        /** In this process. */
        HERE,
        /** From its package, in a process of its own. */
        OWN_PROCESS
    }

    /** One row. */
    private record Way(String label, String listening, Guarantee guarantee) {}

    private static List<Way> ways(int clients) {
        List<Way> ways = new ArrayList<>();
        if (clients <= MOST_PER_CALL) {
            ways.add(new Way("per-call", "per-call", Guarantee.NONE));
        }
        ways.add(new Way("shared", "shared", Guarantee.NONE));
        ways.add(new Way("instance", "instance", Guarantee.NONE));
        ways.add(new Way("instance, with a key", "instance", Guarantee.KEY));
        ways.add(new Way("instance, with a sequence", "instance", Guarantee.ORDER));
        return ways;
    }

    /** @param clients how many call at once
     * @throws IOException when something does not start or connect
     */
    static Section measure(Place place, int clients, Plan plan) throws IOException, InterruptedException {
        Deque<Runnable> open = new ArrayDeque<>();
        try {
            List<Turns.Subject> subjects = new ArrayList<>();
            for (Way way : ways(clients)) {
                Map<String, String> function = Map.of("ACK_SUBSCRIPTION", way.listening());
                Stage stage = new Stage(ECHO.targets(), settings(place, clients, function));
                open.push(stage::close);
                SignedCalls calls = new SignedCalls(Api.of(stage.cloud()), ECHO.with(way.guarantee()), clients);
                open.push(calls::close);
                subjects.add(new Turns.Subject(calls, stage.functions()));
            }
            for (Turns.Subject subject : subjects) {
                for (int share : new int[] {64, 16, 4, 1}) {
                    subject.sample(Math.ceilDiv(clients, share), plan.warmUp().dividedBy(8));
                }
            }
            return section(place, clients, plan, Turns.takeAll(subjects, clients, plan));
        } finally {
            open.forEach(Runnable::run);
        }
    }

    private static UnaryOperator<LocalCloudSettings> settings(Place place, int clients, Map<String, String> function) {
        return switch (place) {
            case HERE -> settings -> settings.withFunction(function);
            case OWN_PROCESS -> Functions.deployed(clients, function);
        };
    }

    private static Section section(Place place, int clients, Plan plan, List<Sample> samples) {
        List<Way> ways = ways(clients);
        Sample shared = samples.get(ways.size() - 4);
        String who = clients == 1 ? "one client" : clients + " clients";
        String where = switch (place) {
            case HERE -> "in this process";
            case OWN_PROCESS -> "in a process of its own";
        };
        return Section.of(
                "listening-" + (place == Place.HERE ? "here" : "deployed") + "-" + clients,
                "Ways to listen, keys and order, " + who + ", function " + where,
                "Each row has a cloud and a function of its own. Rows take turns of "
                        + plan.turn().toMillis() + " ms, " + plan.rounds()
                        + " of each. The device knows neither keys nor order: what the rows show is the gateway's"
                        + " share."
                        + (clients > MOST_PER_CALL
                                ? " A connection has no subscriptions for so many calls at once with per-call."
                                : ""),
                SideBySide.table(ways.stream().map(Way::label).toList(), samples, "shared", shared));
    }
}
