package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.endtoend.StoryApi.Told;
import dev.roundtrip.protocol.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The callers of examples/callers, each as a process, against a local cloud and against an API that fails. */
class ExampleCallersIT extends ExamplePrograms {
    private static final int RAN = 0;
    private static final int DID_NOT_RUN = 1;
    private static final int MAY_HAVE_RUN = 3;
    private static final int RAN_AND_FAILED = 4;

    @BeforeAll
    static void startDevice() throws Exception {
        var unused = cloud.device("pump", TestCloud.VERSATILE);
    }

    @Test
    void curl_caller_knows_what_an_answer_means() throws Exception {
        Runtimes.require("curl");

        knowsWhatAnAnswerMeans(List.of("sh", example("callers/curl/call.sh").toString()));
    }

    @Test
    void python_caller_knows_what_an_answer_means() throws Exception {
        String python = Runtimes.pythonWith("botocore", "python3-botocore");

        knowsWhatAnAnswerMeans(List.of(python, example("callers/python/call.py").toString()));
    }

    @Test
    void node_caller_knows_what_an_answer_means() throws Exception {
        Runtimes.require("node");
        assumeTrue(
                Files.exists(example("callers/node/node_modules/aws4fetch")),
                "run npm install in examples/callers/node");

        knowsWhatAnAnswerMeans(List.of("node", example("callers/node/call.mjs").toString()));
    }

    @Test
    void java_caller_knows_what_an_answer_means() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classPath = System.getProperty("java.class.path");
        // Compiled once; `java Call.java` would do it for each call.
        Process javac = programs.shell(
                List.of(
                        java + "c",
                        "-d",
                        classes.toString(),
                        "-cp",
                        classPath,
                        example("callers/java/Call.java").toString()),
                Map.of());
        assertThat(Programs.output(javac)).isEmpty();
        assertThat(javac.exitValue()).as(programs.errors(javac)).isZero();

        knowsWhatAnAnswerMeans(
                List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classes + ":" + classPath, "Call"));
    }

    private void knowsWhatAnAnswerMeans(List<String> command) throws Exception {
        callsTheDevice(command);
        ends(command, null, RAN, new Told(503, "offline"), new Told(429, null), new Told(200, "ok"));
        ends(command, null, MAY_HAVE_RUN, new Told(503, "unavailable"), new Told(504, "timeout"));
        ends(command, "order-7", RAN, new Told(504, "timeout"), new Told(503, "offline"), new Told(200, "ok"));
        ends(command, "order-7", MAY_HAVE_RUN, new Told(504, "timeout"), new Told(409, "refused"));
        ends(command, null, DID_NOT_RUN, new Told(409, "refused"));
        ends(command, null, RAN_AND_FAILED, new Told(502, "device_error"));
        ends(command, null, MAY_HAVE_RUN, new Told(502, null));
    }

    private void callsTheDevice(List<String> command) throws Exception {
        Map<String, String> environment =
                environment(cloud.cloud().apiEndpoint().toString());

        JsonNode request = Json.mapper().readTree("{\"ö\":[42,\"$1 '\\\"\"]}");

        Process call = call(command, environment, "pump", "echo", request.toString(), "order-" + UUID.randomUUID());

        JsonNode answer = Json.mapper().readTree(Programs.output(call));
        assertThat(answer.path("result").asText()).isEqualTo("ok");
        assertThat(answer.path("response")).isEqualTo(request);
        assertThat(call.exitValue()).isEqualTo(RAN);
    }

    /** The whole story is used, and each call carries the key. */
    private void ends(List<String> command, @Nullable String key, int code, Told... story) throws Exception {
        try (StoryApi api = new StoryApi(story)) {
            List<String> arguments = new ArrayList<>(List.of("pump", "echo", "7"));
            if (key != null) {
                arguments.add(key);
            }

            Process call = call(command, environment(api.url()), arguments.toArray(String[]::new));

            assertThat(Programs.output(call).strip()).isEqualTo(story[story.length - 1].body());
            assertThat(call.exitValue()).as(programs.errors(call)).isEqualTo(code);
            assertThat(api.heard()).hasSize(story.length);
            assertThat(api.heard()).allSatisfy(heard -> {
                assertThat(heard.key()).isEqualTo(key);
                assertThat(heard.body().replace(" ", ""))
                        .isEqualTo("{\"target\":\"pump\",\"method\":\"echo\",\"request\":7,\"timeout\":5}");
            });
        }
    }

    private Process call(List<String> command, Map<String, String> environment, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        return programs.shell(words, environment);
    }

    private Map<String, String> environment(String endpoint) {
        var credentials = cloud.cloud().state().credentials();
        Map<String, String> environment = new HashMap<>();
        environment.put("API_ENDPOINT", endpoint);
        environment.put("AWS_REGION", cloud.cloud().state().account().region());
        environment.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
        environment.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
        environment.put("no_proxy", "127.0.0.1");
        return environment;
    }
}
