package dev.roundtrip.benchmarks;

import dev.roundtrip.benchmarks.report.JsonReport;
import dev.roundtrip.benchmarks.report.Report;
import dev.roundtrip.benchmarks.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where figures go: tables on standard output, and all of them in a file. */
final class FiguresOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // Injected by picocli.
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "File for all figures. Default: ${DEFAULT-VALUE}")
    private Path json;

    /** @param json the file unless another is named */
    FiguresOption(Path json) {
        this.json = json;
    }

    /** What is measured. */
    @FunctionalInterface
    interface Measurement {
        /** @param progress told what happens, one line each */
        Report measure(Consumer<String> progress) throws IOException, InterruptedException;
    }

    /** Measures, and writes what comes out.
     *
     * @throws IOException when the file cannot be written, before anything is measured; or as the measurement does
     */
    void write(Measurement measurement) throws IOException, InterruptedException {
        Files.writeString(json, "");
        CommandLine command = spec.commandLine();
        Report report = measurement.measure(what -> {
            command.getErr().println("benchmark: " + what);
            command.getErr().flush();
        });
        command.getOut().print(TextReport.render(report));
        command.getOut().flush();
        Files.writeString(json, JsonReport.render(report));
    }
}
