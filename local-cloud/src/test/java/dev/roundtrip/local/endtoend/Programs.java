package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The programs as processes of their own in one working directory, as a person runs them; what still runs at the end
 * is killed.
 */
final class Programs implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> ANY_PORTS = List.of("--api-port", "0", "--mqtt-port", "0", "--wss-port", "0");

    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    /** @param directory where they run, and where what they write to standard error is kept */
    Programs(Path directory) {
        this.directory = directory;
    }

    /** The command line of a program's Java process, with the flags that {@code bin/.launch} gives to one that lives for
     * seconds.
     */
    static List<String> command(String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(arguments);
        return command;
    }

    Process localCloud(String... arguments) throws IOException {
        return localCloud(Map.of(), arguments);
    }

    Process localCloud(Map<String, String> environment, String... arguments) throws IOException {
        return run("dev.roundtrip.local.Main", environment, arguments);
    }

    /** Starts a local cloud on free ports with the state directory {@code state}, and waits until it is up.
     *
     * @return the lines that it has printed, and the process
     */
    Started start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("start", "--state", "state"));
        all.addAll(ANY_PORTS);
        all.addAll(List.of(arguments));
        Process cloud = localCloud(environment, all.toArray(String[]::new));
        try {
            return new Started(cloud, until(cloud.inputReader(), "Ctrl-C"));
        } catch (AssertionError ended) {
            throw new AssertionError(ended.getMessage() + ", " + errors(cloud), ended);
        }
    }

    /** A local cloud that is up. */
    record Started(Process process, List<String> banner) {}

    Process simulator(String... arguments) throws IOException {
        return run("dev.roundtrip.simulator.Main", Map.of(), arguments);
    }

    Process client(Map<String, String> environment, String... arguments) throws IOException {
        return run("dev.roundtrip.sigv4.Main", environment, arguments);
    }

    Process things(Map<String, String> environment, String... arguments) throws IOException {
        return run("dev.roundtrip.things.Main", environment, arguments);
    }

    private Process run(String main, Map<String, String> environment, String... arguments) throws IOException {
        return shell(command(main, List.of(arguments)), environment);
    }

    /** Any command in the working directory. */
    Process shell(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.equals("DELIVERY"));
        builder.environment().putAll(environment);
        Process process = builder.redirectError(
                        directory.resolve(processes.size() + ".err").toFile())
                .start();
        processes.add(process);
        return process;
    }

    /** Waits until it has ended.
     *
     * @return what it printed
     */
    static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** What it has written to standard error so far. */
    String errors(Process process) throws IOException {
        return Files.readString(directory.resolve(processes.indexOf(process) + ".err"));
    }

    /** What it prints until a line that has this. */
    static List<String> until(BufferedReader reader, String end) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.contains(end)) {
                return lines;
            }
        }
        throw new AssertionError("it ended without '" + end + "': " + lines);
    }

    /** The environment of a shell that has sourced the {@code env} of the state directory. */
    Map<String, String> environment() throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", ". '" + directory.resolve("state/env") + "'; env").start();
        return new HashMap<>(new String(shell.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .map(line -> line.split("=", 2))
                .filter(entry -> entry.length == 2 && entry[0].matches("(AWS|API|IOT)_.*"))
                .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1])));
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
