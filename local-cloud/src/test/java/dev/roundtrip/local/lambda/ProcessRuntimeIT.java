package dev.roundtrip.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Step;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.joda.time.DateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Execution environments live and die as on AWS Lambda, and leave nothing behind. */
class ProcessRuntimeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private FunctionPackage scripted;

    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Journal journal = new Journal(Journal.Bounds.DEFAULT);

    @BeforeEach
    void unpack() throws IOException {
        FunctionPackage built = FunctionPackage.built();
        Path root = Files.createDirectory(directory.resolve("task"));
        Path lib = Files.createDirectory(root.resolve("lib"));
        for (Path jar : jars(built)) {
            Path link = lib.resolve(jar.getFileName());
            if (Files.notExists(link)) {
                Files.createSymbolicLink(link, jar.toAbsolutePath());
            }
        }
        String name = ScriptedFunction.class.getName().replace('.', '/') + ".class";
        Path compiled = root.resolve(name);
        Files.createDirectories(compiled.getParent());
        Files.copy(FunctionPackage.codeSource(ScriptedFunction.class).resolve(name), compiled);
        scripted = new FunctionPackage(
                root, ScriptedFunction.class.getName() + "::handleRequest", built.nativeLibraries());
    }

    /** The package's, and what the runtime reads events with, which the package's own function does by itself. */
    private static List<Path> jars(FunctionPackage built) throws IOException {
        try (Stream<Path> files = Files.list(built.root().resolve("lib"))) {
            return Stream.concat(files, Stream.of(FunctionPackage.codeSource(DateTime.class)))
                    .filter(file -> file.toString().endsWith(".jar"))
                    .toList();
        }
    }

    @AfterEach
    void nothing_is_left() {
        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.current().descendants().findAny().isEmpty());
        assertThat(temporaries).noneMatch(path -> Files.exists(Path.of(path)));
    }

    private final Queue<String> temporaries = new ConcurrentLinkedQueue<>();

    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterAll
    static void stop() {
        LOOPS.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ProcessRuntime start(RuntimeSettings.Scale scale) throws IOException {
        return start(scale, Map.of());
    }

    private ProcessRuntime start(RuntimeSettings.Scale scale, Map<String, String> variables) throws IOException {
        return ProcessRuntime.start(new RuntimeSettings(scripted, variables, scale, log::add, journal), LOOPS);
    }

    private static APIGatewayProxyResponseEvent call(ProcessRuntime runtime, String path, String body) {
        return call(runtime, path, body, PATIENCE);
    }

    private static APIGatewayProxyResponseEvent call(ProcessRuntime runtime, String path, String body, Duration limit) {
        return runtime.handleRequest(
                new APIGatewayProxyRequestEvent().withPath(path).withBody(body), new TestContext(limit));
    }

    private static String pid(ProcessRuntime runtime) {
        return call(runtime, "/pid", "").getBody();
    }

    @Test
    void environment_is_used_again_and_told_what_aws_lambda_tells() throws Exception {
        try (ProcessRuntime runtime = start(
                RuntimeSettings.Scale.upTo(3),
                Map.of("AWS_REGION", "eu-north-1", "AWS_SECRET_ACCESS_KEY", "planted"))) {
            temporaries.add(call(runtime, "/variable", "TMPDIR").getBody());
            String first = pid(runtime);

            assertThat(pid(runtime)).isEqualTo(first);
            assertThat(runtime.environments()).isEqualTo(1);
            assertThat(call(runtime, "/variable", "AWS_REGION").getBody()).isEqualTo("eu-north-1");
            assertThat(call(runtime, "/variable", "AWS_SECRET_ACCESS_KEY").getBody())
                    .isEqualTo("planted");
            assertThat(call(runtime, "/variable", "AWS_LAMBDA_INITIALIZATION_TYPE")
                            .getBody())
                    .isEqualTo("on-demand");
            assertThat(call(runtime, "/variable", "AWS_LAMBDA_MAX_CONCURRENCY").getBody())
                    .isEqualTo("null");
            assertThat(call(runtime, "/variable", "HOME").getBody()).isEqualTo("null");
            assertThat(Integer.parseInt(call(runtime, "/remaining", "").getBody()))
                    .isBetween(1, (int) PATIENCE.toMillis());
        }
        await().atMost(PATIENCE).until(() -> log.contains("said goodbye"));
    }

    @Test
    void busy_environments_get_company_until_there_may_be_no_more() throws Exception {
        Gate gate = new Gate();
        try (ProcessRuntime runtime = start(RuntimeSettings.Scale.upTo(2));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<APIGatewayProxyResponseEvent> waiting = () -> call(runtime, "/wait", gate.name());
            List<Future<APIGatewayProxyResponseEvent>> calls =
                    List.of(callers.submit(waiting), callers.submit(waiting));
            gate.awaitWaiting(2);

            APIGatewayProxyResponseEvent throttled = call(runtime, "/pid", "");
            gate.close();

            assertThat(throttled.getStatusCode()).isEqualTo(500);
            assertThat(throttled.getBody()).isEqualTo("{\"message\": \"Internal server error\"}");
            assertThat(calls.get(0).get().getBody())
                    .isNotEqualTo(calls.get(1).get().getBody());
            assertThat(runtime.environments()).isEqualTo(2);
        }
    }

    @Test
    void one_environment_takes_as_many_calls_as_it_may() throws Exception {
        Gate gate = new Gate();
        RuntimeSettings.Scale scale = new RuntimeSettings.Scale(1, 4, Idleness.AWAKE, Initialization.ON_DEMAND);
        try (ProcessRuntime runtime = start(scale);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<APIGatewayProxyResponseEvent>> calls = IntStream.range(0, 4)
                    .mapToObj(i -> callers.submit(() -> call(runtime, "/wait", gate.name())))
                    .toList();
            gate.awaitWaiting(4);

            assertThat(call(runtime, "/pid", "").getStatusCode()).isEqualTo(500);
            gate.close();

            String only = calls.getFirst().get().getBody();
            for (Future<APIGatewayProxyResponseEvent> call : calls) {
                assertThat(call.get().getBody()).isEqualTo(only);
            }
            assertThat(call(runtime, "/variable", "AWS_LAMBDA_INITIALIZATION_TYPE")
                            .getBody())
                    .isEqualTo("lambda-managed-instances");
        }
    }

    @Test
    void failures_end_their_own_call_and_no_other() throws Exception {
        try (ProcessRuntime runtime = start(RuntimeSettings.Scale.upTo(1))) {
            String first = pid(runtime);

            assertThatThrownBy(() -> call(runtime, "/throw", ""))
                    .isInstanceOf(FunctionFailedException.class)
                    .hasMessageContaining("java.lang.IllegalArgumentException");
            assertThat(pid(runtime)).isEqualTo(first);

            assertThatThrownBy(() -> call(runtime, "/halt", ""))
                    .isInstanceOf(FunctionFailedException.class)
                    .hasMessageContaining("exit status 3");
            await().atMost(PATIENCE).until(() -> runtime.environments() == 0);
            String second = pid(runtime);
            assertThat(second).isNotEqualTo(first);

            assertThatThrownBy(() -> call(runtime, "/hang", "", Duration.ofMillis(200)))
                    .isInstanceOf(FunctionFailedException.class)
                    .hasMessageContaining("longer than");
            await().atMost(PATIENCE).until(() -> runtime.environments() == 0);
            assertThat(pid(runtime)).isNotEqualTo(second);
        }
    }

    @Test
    void journal_names_the_environment_of_each_call_and_why_it_failed() throws Exception {
        try (ProcessRuntime runtime = start(RuntimeSettings.Scale.upTo(1))) {
            pid(runtime);
            assertThatThrownBy(() -> call(runtime, "/throw", "")).isInstanceOf(FunctionFailedException.class);
            assertThatThrownBy(() -> call(runtime, "/halt", "")).isInstanceOf(FunctionFailedException.class);
            await().atMost(PATIENCE).until(() -> runtime.environments() == 0);
            pid(runtime);
            assertThatThrownBy(() -> call(runtime, "/hang", "", Duration.ofMillis(200)))
                    .isInstanceOf(FunctionFailedException.class);
        }

        String first = "local/[$LATEST]1";
        assertThat(journal.entries(0, 100))
                .extracting(Entry::step, Entry::client, Entry::detail)
                .containsExactly(
                        tuple(Step.HANDED_OVER, null, first),
                        tuple(Step.HANDED_OVER, null, first),
                        tuple(Step.FUNCTION_FAILED, first, "the function failed: java.lang.IllegalArgumentException"),
                        tuple(Step.HANDED_OVER, null, first),
                        tuple(Step.FUNCTION_FAILED, first, "the runtime ended with exit status 3"),
                        tuple(Step.HANDED_OVER, null, "local/[$LATEST]2"),
                        tuple(Step.HANDED_OVER, null, "local/[$LATEST]2"),
                        tuple(Step.FUNCTION_FAILED, "local/[$LATEST]2", "the function took too long"));
        assertThat(journal.entries(0, 100)).extracting(Entry::subject).doesNotContainNull();
    }

    @Test
    void failure_whose_trace_is_long_is_told() throws Exception {
        try (ProcessRuntime runtime = start(RuntimeSettings.Scale.upTo(1))) {
            assertThatThrownBy(() -> call(runtime, "/overflow", ""))
                    .isInstanceOf(FunctionFailedException.class)
                    .hasMessageContaining("java.lang.StackOverflowError");
        }
    }

    @Test
    void function_that_does_not_start_says_why() {
        assertThatThrownBy(() -> start(RuntimeSettings.Scale.upTo(1), Map.of("FAILING", "init")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it was told not to start");
        assertThat(journal.entries(0, 100)).singleElement().satisfies(failed -> {
            assertThat(failed.step()).isEqualTo(Step.FUNCTION_FAILED);
            assertThat(failed.subject()).isNull();
            assertThat(failed.detail()).contains("it was told not to start");
        });
    }

    @Test
    void frozen_environment_is_stopped_between_calls_and_ends_when_it_is_told() throws Exception {
        RuntimeSettings.Scale scale = new RuntimeSettings.Scale(1, 1, Idleness.FROZEN, Initialization.ON_DEMAND);
        try (ProcessRuntime runtime = start(scale)) {
            String pid = pid(runtime);
            for (int i = 0; i < 20; i++) {
                await().until(() -> state(pid) == 'T');
                assertThat(pid(runtime)).isEqualTo(pid);
            }
        }
    }

    /** One letter; source: proc_pid_stat(5). */
    private static char state(String pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    @Test
    void nobody_else_may_speak_for_the_function() throws Exception {
        try (ProcessRuntime runtime = start(RuntimeSettings.Scale.upTo(1));
                HttpClient stranger = HttpClient.newHttpClient()) {
            String address =
                    call(runtime, "/variable", "AWS_LAMBDA_RUNTIME_API").getBody();
            URI guessed = URI.create(
                    "http://" + address.substring(0, address.indexOf('/')) + "/2018-06-01/runtime/invocation/next");

            HttpResponse<String> answer =
                    stranger.send(HttpRequest.newBuilder(guessed).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(403);
        }
    }
}
