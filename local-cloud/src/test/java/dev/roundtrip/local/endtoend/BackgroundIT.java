package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.Main;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.app.StateOptions;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A local cloud whose functions are stopped, and the shells and signals around it. */
class BackgroundIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A step of a job: starts what it is given in the background, and ends when it may. */
    private static final String STEP = """
            cd "$1" && shift
            "$@" >printed 2>errors </dev/null &
            echo $! >pid.new && mv pid.new pid
            until [ -e may-end ]; do sleep 0.05; done
            """;

    /** What runs the steps, and lives on: with job control, so that a step is a process group of its own. */
    private static final String JOB = """
            set -m
            sh -c "$1" step "$2" "${@:3}"
            : >"$2/ended"
            read -r _
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.stream()
                .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process)))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    private List<String> cloud() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "start",
                "--runtime=process",
                "--freeze",
                "--device=pump",
                "--state=" + directory.resolve("state"),
                "--api-port=0",
                "--mqtt-port=0",
                "--wss-port=0");
    }

    private ProcessHandle start(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(cloud());
        ProcessHandle process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(directory.resolve("printed").toFile())
                .start()
                .toHandle();
        started.add(process);
        return process;
    }

    private void awaitUp() {
        await().atMost(PATIENCE)
                .until(() -> Files.exists(directory.resolve("printed"))
                        && Files.readString(directory.resolve("printed")).contains("Ctrl-C"));
    }

    /** What a process started, once a function is among it and stopped. */
    private static List<ProcessHandle> awaitFrozen(ProcessHandle cloud) {
        return await().atMost(PATIENCE)
                .until(() -> cloud.descendants().toList(), all -> all.stream().anyMatch(BackgroundIT::isStopped));
    }

    private static boolean isStopped(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                    .contains(") T ");
        } catch (IOException ended) {
            return false;
        }
    }

    private HttpResponse<String> call() throws Exception {
        StateDirectory state = StateDirectory.open(directory.resolve("state"), StateOptions.defaults());
        Credentials credentials = state.credentials();
        RequestSigner signer = new RequestSigner(
                AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey()),
                new SigningScope(state.account().region(), SigningScope.EXECUTE_API));
        Matcher endpoint =
                Pattern.compile("http://\\S+/Prod/invoke").matcher(Files.readString(directory.resolve("printed")));
        assertThat(endpoint.find()).isTrue();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    signer.sign(UnsignedRequest.get(
                                    endpoint.group() + "?target=pump&method=echo&request=hi&timeout=20"))
                            .toHttpRequest(),
                    HttpResponse.BodyHandlers.ofString(UTF_8));
        }
    }

    private static void awaitNothingLeft(ProcessHandle cloud, List<ProcessHandle> functions) {
        await().atMost(PATIENCE)
                .until(() -> !cloud.isAlive() && functions.stream().noneMatch(ProcessHandle::isAlive));
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "nohup"})
    void cloud_with_a_frozen_function_outlives_the_shell_that_started_it(String how) throws Exception {
        // given
        List<String> words =
                new ArrayList<>(List.of("setsid", "bash", "-c", JOB, "job", STEP, directory.toString(), how));
        words.addAll(cloud());
        Process job = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(job.toHandle());
        awaitUp();
        ProcessHandle cloud = ProcessHandle.of(Long.parseLong(
                        Files.readString(directory.resolve("pid")).trim()))
                .orElseThrow();
        started.add(cloud);
        assertThat(call().statusCode()).isEqualTo(200);
        List<ProcessHandle> functions = awaitFrozen(cloud);

        // when
        Files.createFile(directory.resolve("may-end"));
        await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("ended")));

        // then
        HttpResponse<String> answer = call();
        assertThat(answer.body()).contains("\"result\":\"ok\"");
        assertThat(cloud.isAlive()).isTrue();

        cloud.destroy();
        awaitNothingLeft(cloud, functions);
        job.getOutputStream().close();
        assertThat(job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** As a terminal does it: to every process of the group that runs in the foreground. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "HUP", "TERM"})
    void signal_to_the_whole_group_ends_the_cloud_and_its_frozen_functions(String signal) throws Exception {
        // given
        ProcessHandle cloud = start("env", "--default-signal=INT,HUP", "setsid");
        awaitUp();
        assertThat(call().statusCode()).isEqualTo(200);
        List<ProcessHandle> functions = awaitFrozen(cloud);

        // when
        new ProcessBuilder("sh", "-c", "kill -s " + signal + " -- -" + cloud.pid())
                .start()
                .waitFor();

        // then
        awaitNothingLeft(cloud, functions);
    }

    @Test
    void killing_the_whole_group_leaves_no_frozen_function_behind() throws Exception {
        // given
        ProcessHandle cloud = start("setsid");
        awaitUp();
        assertThat(call().statusCode()).isEqualTo(200);
        List<ProcessHandle> functions = awaitFrozen(cloud);

        // when
        new ProcessBuilder("sh", "-c", "kill -s KILL -- -" + cloud.pid())
                .start()
                .waitFor();

        // then
        awaitNothingLeft(cloud, functions);
    }
}
