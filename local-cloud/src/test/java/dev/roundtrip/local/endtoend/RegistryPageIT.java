package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.local.app.LocalCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell lines of docs/registry.md, with the AWS CLI that is installed here. */
class RegistryPageIT {
    private static final Path DOCUMENT = Path.of("../docs/registry.md");
    private static final Pattern LINES = Pattern.compile("(?ms)^```sh$(.*?)^```$");
    private static final Pattern VERSION = Pattern.compile("aws-cli/(\\d+)\\.(\\d+)\\.");

    /** The first versions that know AWS_ENDPOINT_URL_IOT; an older one would ask the real AWS. */
    private static final Map<Integer, Integer> FIRST = Map.of(1, 29, 2, 13);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private static void requireCli() throws Exception {
        Runtimes.require("aws");
        Process process =
                new ProcessBuilder("aws", "--version").redirectErrorStream(true).start();
        Matcher found = VERSION.matcher(new String(process.getInputStream().readAllBytes(), UTF_8));
        boolean knows = process.waitFor(60, TimeUnit.SECONDS)
                && found.find()
                && Integer.parseInt(found.group(2))
                        >= FIRST.getOrDefault(Integer.parseInt(found.group(1)), Integer.MAX_VALUE);
        assumeTrue(knows, "the AWS CLI is too old to know AWS_ENDPOINT_URL_IOT");
    }

    private String run(String lines) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", lines)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!shell.waitFor(180, TimeUnit.SECONDS)) {
            shell.destroyForcibly();
            throw new IOException("the lines do not end: " + Files.readString(output));
        }
        String printed = Files.readString(output);
        assertThat(shell.exitValue()).as(printed).isZero();
        return printed;
    }

    @Test
    void lines_of_the_page_make_a_device_that_publishes_and_take_it_away() throws Exception {
        requireCli();
        Runtimes.require("jq");
        Runtimes.require("mosquitto_pub");
        List<String> lines = LINES.matcher(Files.readString(DOCUMENT))
                .results()
                .map(MatchResult::group)
                .map(block -> block.substring(block.indexOf('\n'), block.lastIndexOf('\n')))
                .toList();

        try (TestCloud cloud = TestCloud.start(directory.resolve(".local-cloud"))) {
            LocalCloud local = cloud.cloud();
            var unused = local.writeEnvironment();
            String printed = run(String.join("\n", lines) + "\naws iot list-things\naws iot list-certificates\n");

            assertThat(lines).hasSize(2);
            assertThat(printed)
                    .contains("\"thingName\": \"meter-1\"")
                    .contains("\"things\": []")
                    .contains("\"certificates\": []");
            assertThat(cloud.log()).noneMatch(line -> line.contains("refused"));
        }
    }
}
