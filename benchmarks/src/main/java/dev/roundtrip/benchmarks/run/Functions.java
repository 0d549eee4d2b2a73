package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.report.Table;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.iot.registry.GatewayRole.PresenceQueries;
import dev.roundtrip.local.lambda.Idleness;
import dev.roundtrip.local.lambda.Initialization;
import dev.roundtrip.local.lambda.RuntimeSettings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The packaged function in processes of its own, one for each way of delivery, each with a cloud of its own; and the
 * calls that it answers.
 */
final class Functions implements AutoCloseable {
    /** The template's {@code MemorySize}: for an environment that takes one call at a time. */
    private static final String MEMORY = "512m";

    /** For one that takes many: the least that there is. Source: AWS Lambda developer guide, "Lambda Managed
     * Instances".
     */
    private static final String MANAGED_MEMORY = "2g";

    private final Deque<Runnable> open = new ArrayDeque<>();
    private final int concurrency;
    private final ProcessHandle publishing;
    private final ProcessHandle direct;
    private final double publishingIdle;
    private final double directIdle;
    private final SignedCalls ordinary;
    private final List<Call> calls;

    /** One kind of call.
     *
     * @param label how it is delivered
     * @param subject takes turns
     */
    record Call(String label, Turns.Subject subject) {}

    /** Starts one environment for each way of delivery, and connects clients.
     *
     * @param concurrency how many calls an environment takes at a time, and how many clients there are
     * @throws IOException when something does not start or connect; nothing is left running
     */
    Functions(SignedCalls.Command command, int concurrency) throws IOException, InterruptedException {
        this.concurrency = concurrency;
        try {
            Stage published = stage(command, Map.of());
            this.publishing = only(published.functions());
            this.publishingIdle = Memory.residentMegabytes(publishing);
            Stage sent = stage(command, Map.of("DELIVERY", "direct"));
            this.direct = only(sent.functions());
            this.directIdle = Memory.residentMegabytes(direct);
            this.ordinary = calls(published, command);
            this.calls = List.of(
                    new Call("call, own process", new Turns.Subject(ordinary, List.of(publishing))),
                    new Call(
                            "the same, presence=check",
                            new Turns.Subject(calls(published, command.withPresenceCheck()), List.of(publishing))),
                    new Call("the same, DELIVERY=direct", new Turns.Subject(calls(sent, command), List.of(direct))));
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    private Stage stage(SignedCalls.Command command, Map<String, String> delivery)
            throws IOException, InterruptedException {
        Map<String, String> variables = new HashMap<>(delivery);
        if (concurrency > 1) {
            // A direct message is under way until the device has confirmed it, which is later than its answer.
            variables.put("MAX_DIRECT_MESSAGES", Integer.toString(4 * concurrency));
        }
        Stage stage = new Stage(command.targets(), deployed(concurrency, variables));
        open.push(stage::close);
        return stage;
    }

    /** Settings of a cloud whose function runs in one process of its own.
     *
     * @param concurrency how many calls it takes at a time
     */
    static UnaryOperator<LocalCloudSettings> deployed(int concurrency, Map<String, String> function) {
        RuntimeSettings.Scale scale =
                new RuntimeSettings.Scale(1, concurrency, Idleness.AWAKE, Initialization.ON_DEMAND);
        Map<String, String> variables = new HashMap<>(function);
        // Else the JVM would take this machine's memory for that of the environment.
        variables.put("JAVA_TOOL_OPTIONS", "-XX:MaxRAM=" + (concurrency == 1 ? MEMORY : MANAGED_MEMORY));
        return settings -> deployed(settings, scale, variables);
    }

    private static LocalCloudSettings deployed(
            LocalCloudSettings settings, RuntimeSettings.Scale scale, Map<String, String> variables) {
        return settings.withRuntime(new RuntimeChoice.OwnProcess(scale))
                .withFunction(variables)
                .withPresenceQueries(PresenceQueries.ALLOW);
    }

    private static ProcessHandle only(List<ProcessHandle> processes) {
        if (processes.size() != 1) {
            throw new IllegalStateException("the function has " + processes.size() + " processes, not one");
        }
        return processes.getFirst();
    }

    private SignedCalls calls(Stage stage, SignedCalls.Command command) throws IOException {
        SignedCalls connected = new SignedCalls(Api.of(stage.cloud()), command, concurrency);
        open.push(connected::close);
        return connected;
    }

    /** All kinds of call; the ordinary one first. */
    List<Call> calls() {
        return calls;
    }

    /** The ordinary ones, as they are. */
    SignedCalls ordinary() {
        return ordinary;
    }

    /** What an environment needs: after its start, and what it has now. */
    List<Table.Row> memory() {
        String taking = concurrency == 1 ? "one call at a time" : concurrency + " calls at once";
        return List.of(
                memory(taking + ", DELIVERY=publish", publishing, publishingIdle),
                memory(taking + ", DELIVERY=direct", direct, directIdle));
    }

    private static Table.Row memory(String label, ProcessHandle process, double idle) {
        return Table.Row.of(label, idle, Memory.residentMegabytes(process), Memory.peakMegabytes(process));
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }
}
