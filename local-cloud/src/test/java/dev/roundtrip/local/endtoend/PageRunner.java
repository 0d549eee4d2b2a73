package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs the shell lines of a page of docs/ as a person does who pastes them at the root of the clone, with the AWS CLI
 * that is installed here. Nothing that they start gets beyond this machine.
 */
final class PageRunner {
    private static final Path PAGES = Path.of("../docs");
    private static final Pattern BLOCKS = Pattern.compile("(?ms)^```sh$\n(.*?)^```$");

    /** What a page's walk-through begins with. The blocks before it start the local cloud in another shell. */
    private static final String FIRST_LINE = ". .local-cloud/env\n";

    /** What a block begins with that runs in another shell. */
    private static final String OTHER_SHELL = "bin/local-cloud start";

    private static final Pattern VERSION = Pattern.compile("aws-cli/(\\d+)\\.(\\d+)\\.");

    /** The first of versions 1 and 2 that read {@code AWS_ENDPOINT_URL_…}; an older one would ask the real AWS. */
    private static final Map<Integer, Integer> FIRST = Map.of(1, 29, 2, 13);

    private static final Map<String, String> LAUNCHERS = Map.of(
            "local-cloud", "dev.roundtrip.local.Main",
            "device-simulator", "dev.roundtrip.simulator.Main",
            "sigv4-client", "dev.roundtrip.sigv4.Main",
            "things", "dev.roundtrip.things.Main");

    /** Nothing listens there. */
    private static final String NOWHERE = "http://127.0.0.1:9";

    private static final int SECONDS = 240;

    private final Path directory;

    /** @param directory stands for the root of the clone; {@code .local-cloud} is in it */
    PageRunner(Path directory) throws IOException {
        this.directory = directory;
        for (Map.Entry<String, String> launcher : LAUNCHERS.entrySet()) {
            writeLauncher(launcher.getKey(), launcher.getValue());
        }
    }

    /** Stands in for a launcher of {@code bin/}, with the classes of this test. */
    private void writeLauncher(String program, String main) throws IOException {
        String java = Programs.command(main, List.of()).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "))
                .replaceFirst(" ", " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ");
        Path file = Files.createDirectories(directory.resolve("bin")).resolve(program);
        Files.writeString(file, "#!/bin/sh\nexec " + java + " \"$@\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** Goes on where the AWS CLI knows the variables that send it to the local cloud. */
    static void requireCli() throws IOException, InterruptedException {
        Runtimes.require("aws");
        Process process =
                new ProcessBuilder("aws", "--version").redirectErrorStream(true).start();
        Matcher found = VERSION.matcher(new String(process.getInputStream().readAllBytes(), UTF_8));
        boolean knows = process.waitFor(60, TimeUnit.SECONDS)
                && found.find()
                && Integer.parseInt(found.group(2))
                        >= FIRST.getOrDefault(Integer.parseInt(found.group(1)), Integer.MAX_VALUE);
        assumeTrue(knows, "the AWS CLI is too old to know the variables AWS_ENDPOINT_URL_SERVICE");
    }

    /** The blocks of shell lines of a page, from the one on that points the shell to the local cloud. */
    static List<String> blocks(String page) throws IOException {
        List<String> blocks = BLOCKS.matcher(Files.readString(PAGES.resolve(page)))
                .results()
                .map((MatchResult block) -> block.group(1))
                .dropWhile(block -> !block.startsWith(FIRST_LINE))
                .filter(block -> !block.startsWith(OTHER_SHELL))
                .toList();
        assertThat(blocks)
                .as(page + " has a block that begins with " + FIRST_LINE)
                .isNotEmpty();
        return blocks;
    }

    /** Runs all lines of a page in one shell, which ends at the first that fails.
     *
     * @return what they printed, to both streams
     */
    String run(String page) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", String.join("\n", blocks(page)) + "\nwait\n");
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("IOT_"));
        // The file `env` has an address for each service that is served. Any other request goes nowhere.
        environment.put("AWS_ENDPOINT_URL", NOWHERE);
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("AWS_CONFIG_FILE", directory.resolve("no-config").toString());
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE",
                directory.resolve("no-credentials").toString());
        for (String proxy : List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")) {
            environment.put(proxy, NOWHERE);
        }
        environment.put("no_proxy", "127.0.0.1,localhost");
        environment.put("NO_PROXY", "127.0.0.1,localhost");
        Process shell =
                builder.directory(directory.toFile()).redirectErrorStream(true).start();
        // A pipe, for a file is emptied by whoever opens /dev/stdout.
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Thread reader = Thread.ofVirtual().start(() -> read(shell, printed));
        boolean ended = shell.waitFor(SECONDS, TimeUnit.SECONDS);
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
        reader.join();
        assertThat(ended)
                .as("the lines of " + page + " end; they printed " + printed)
                .isTrue();
        assertThat(shell.exitValue()).as(printed.toString(UTF_8)).isZero();
        return printed.toString(UTF_8);
    }

    private static void read(Process shell, OutputStream printed) {
        try (InputStream output = shell.getInputStream()) {
            output.transferTo(printed);
        } catch (IOException killed) {
            // What came until then counts.
        }
    }
}
