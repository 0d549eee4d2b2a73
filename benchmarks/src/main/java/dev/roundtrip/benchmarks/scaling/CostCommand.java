package dev.roundtrip.benchmarks.scaling;

import dev.roundtrip.benchmarks.report.TextTable;
import dev.roundtrip.cli.BuildVersion;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints what calls cost on AWS, and which quota they meet first. Measures nothing. */
@Command(
        name = "cost",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = "Prints what a million calls cost on AWS, and which quota is reached first, for four ways to"
                + " make calls. It measures nothing. docs/scaling.md explains the figures.")
public final class CostCommand implements Runnable {
    @Option(
            names = "--latency",
            split = ",",
            paramLabel = "SPAN",
            converter = Spans.class,
            defaultValue = "10ms,100ms,1s,10s,28s,60s",
            description = "The time that devices take, network included. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<Duration> latencies;

    @Option(
            names = "--memory",
            split = ",",
            paramLabel = "MB",
            defaultValue = "128,512,2048",
            description = "Memory of the function. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private List<Integer> memories;

    @Option(
            names = "--calls-per-second",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,10,100,1000,10000,100000",
            description = "Calls in a second. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private List<Double> callsPerSecond;

    @Option(
            names = "--devices",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,1000,100000,500000,1000000,10000000",
            description = "Connected devices. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private List<Long> devices;

    @Option(
            names = "--price",
            split = ",",
            paramLabel = "PRICE=USD",
            description = "A price that replaces the listed one: ${COMPLETION-CANDIDATES}.")
    private Map<Price, Double> prices = Map.of();

    @Option(names = "--markdown", description = "Print the tables as Markdown.")
    private boolean markdown;

    @ArgGroup(exclusive = false, heading = "%nValues that stay the same where a table does not vary them:%n")
    private Typical typical = new Typical();

    @ArgGroup(exclusive = false, heading = "%nAssumptions, which no price list has:%n")
    private Assumed assumed = new Assumed();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private static final class Typical {
        @Option(
                names = "--typical-latency",
                paramLabel = "SPAN",
                converter = Spans.class,
                defaultValue = "1s",
                description = "A device's latency (default: ${DEFAULT-VALUE}).")
        private Duration latency = Duration.ofSeconds(1);

        @Option(
                names = "--typical-memory",
                paramLabel = "MB",
                defaultValue = "512",
                description = "The function's memory (default: ${DEFAULT-VALUE}, as template.yaml has it).")
        private int memory = 512;

        @Option(
                names = "--typical-calls-per-second",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Calls in a second (default: ${DEFAULT-VALUE}).")
        private double callsPerSecond = 1000;
    }

    private static final class Assumed {
        @Option(
                names = "--connect-time",
                paramLabel = "SPAN",
                converter = Spans.class,
                defaultValue = "112ms",
                description = "The time that a call with a connection of its own takes beside its device. Default:"
                        + " ${DEFAULT-VALUE}, the best value measured for the AWS sample, on one machine.")
        private Duration connectTime = Duration.ofMillis(112);

        @Option(
                names = "--warm-time",
                paramLabel = "SPAN",
                converter = Spans.class,
                defaultValue = "6ms",
                description = "The time that a call on a warm connection takes beside its device, the check of the"
                        + " connection included. Default: ${DEFAULT-VALUE}")
        private Duration warmTime = Duration.ofMillis(6);

        @Option(
                names = "--calls-per-connection",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Calls on one warm connection. Default: ${DEFAULT-VALUE}")
        private long callsPerConnection = 1000;

        @Option(
                names = "--utilisation",
                paramLabel = "SHARE",
                defaultValue = "0.5",
                description = "The part of the time that environments are busy, above 0 and up to 1. Default:"
                        + " ${DEFAULT-VALUE}")
        private double utilisation = 0.5;

        @Option(
                names = "--request-bytes",
                paramLabel = "N",
                defaultValue = "1024",
                description = "Metered size of a command: topic, payload, properties (default: ${DEFAULT-VALUE}).")
        private long requestBytes = 1024;

        @Option(
                names = "--answer-bytes",
                paramLabel = "N",
                defaultValue = "1024",
                description = "Metered size of an answer (default: ${DEFAULT-VALUE}).")
        private long answerBytes = 1024;

        @Option(
                names = "--log-bytes",
                paramLabel = "N",
                defaultValue = "1500",
                description = "Log lines of one call, those of AWS Lambda and the API included, in bytes. Default:"
                        + " ${DEFAULT-VALUE}")
        private long logBytes = 1500;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        for (CostReport.Titled titled : tables()) {
            out.println(titled.title());
            out.println();
            TextTable table = titled.table();
            out.println(markdown ? table.markdown() : table.text());
            out.println();
        }
        out.flush();
    }

    private List<CostReport.Titled> tables() {
        try {
            CostModel model = new CostModel(
                    new PriceList(prices),
                    new Assumptions(
                            assumed.connectTime,
                            assumed.warmTime,
                            assumed.callsPerConnection,
                            assumed.utilisation,
                            assumed.requestBytes,
                            assumed.answerBytes,
                            assumed.logBytes));
            Workload held = new Workload(typical.latency, typical.memory, typical.callsPerSecond);
            return new CostReport(model, new CostReport.Axes(latencies, memories, callsPerSecond, devices), held)
                    .tables();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }
}
