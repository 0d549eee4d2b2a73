package dev.roundtrip.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/call.md, compiled and run as it stands. */
class DocumentedClientTest {
    private static final Path DOCUMENT = Path.of("../docs/call.md");

    private static String example() throws IOException {
        return Pattern.compile("(?s)\n## Java with roundtrip-client\n.*?\n```java\n(.*?)\n```")
                .matcher(Files.readString(DOCUMENT))
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no example"))
                .group(1);
    }

    private static String run(Path source, ScriptedGateway gateway) throws Exception {
        ProcessBuilder program = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--class-path",
                        System.getProperty("java.class.path"),
                        source.toString())
                .redirectErrorStream(true);
        program.environment().put("API_ENDPOINT", gateway.uri().toString());
        program.environment().put("AWS_REGION", "eu-central-1");
        program.environment().put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        program.environment().put("AWS_SECRET_ACCESS_KEY", "secret");
        Process process = program.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }

    @Test
    void example_calls_the_device_and_says_how_the_call_ended(@TempDir Path directory) throws Exception {
        Path source = Files.writeString(directory.resolve("CallWithClient.java"), example());
        try (ScriptedGateway gateway = new ScriptedGateway()) {
            gateway.ok("42").result(504, "timeout");

            assertThat(run(source, gateway)).endsWith("it ran and answered 42\n");
            assertThat(run(source, gateway)).endsWith("look before you repeat it: TIMEOUT\n");
            assertThat(gateway.received().getFirst().text()).isEqualTo("{\"request\":[40,2],\"timeout\":9}");
        }
    }
}
