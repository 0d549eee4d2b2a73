package dev.roundtrip.sigv4;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts real processes, with an environment of the test's choice and nothing of this machine's AWS settings. */
final class Machine {
    private static final long LIMIT_SECONDS = 30;

    private Machine() {}

    /** How a process ended. */
    record Ended(int code, String out, String err) {}

    /** The program itself, in a Java process of its own. */
    static List<String> program(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static ProcessBuilder builder(List<String> command, Path home, Map<String, String> variables) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        builder.environment().putAll(variables);
        return builder;
    }

    static Ended run(List<String> command, Path home, Map<String, String> variables) throws Exception {
        Path err = Files.createTempFile(home, "err", "");
        Process process = builder(command, home, variables)
                .redirectInput(new File("/dev/null"))
                .redirectError(err.toFile())
                .start();
        return end(process, err);
    }

    static Ended end(Process process, Path err) throws IOException, InterruptedException {
        var unused = process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).exceptionally(tooLong -> {
            process.destroyForcibly();
            return process;
        });
        try (InputStream stdout = process.getInputStream()) {
            String out = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end");
            }
            return new Ended(process.exitValue(), out, Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    static boolean has(String tool) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }
}
