package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.local.app.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.app.StartException;
import dev.roundtrip.local.lambda.Idleness;
import dev.roundtrip.local.lambda.Initialization;
import dev.roundtrip.local.lambda.RuntimeSettings.Scale;
import dev.roundtrip.protocol.WireId;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The function as it is deployed, under AWS's runtime client. */
class PackagedFunctionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private TestCloud start(Scale scale, Map<String, String> variables) throws Exception {
        return TestCloud.start(
                state,
                settings -> settings.withRuntime(new RuntimeChoice.OwnProcess(scale))
                        .withFunction(variables));
    }

    private static List<HttpResponse<String>> atOnce(TestCloud cloud, int calls) throws Exception {
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> going = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                String query = "target=pump&method=echo&request=question-" + i + "&timeout=28";
                going.add(callers.submit(() -> cloud.get(query)));
            }
            for (Future<HttpResponse<String>> call : going) {
                answers.add(call.get());
            }
        }
        return answers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"per-call", "shared", "instance"})
    void every_environment_gets_the_answers_to_its_own_calls(String subscription) throws Exception {
        try (TestCloud cloud = start(Scale.upTo(4), Map.of("ACK_SUBSCRIPTION", subscription))) {
            cloud.device("pump", new Meeting(4));
            for (int round = 0; round < 3; round++) {
                List<HttpResponse<String>> answers = atOnce(cloud, 4);

                for (int i = 0; i < answers.size(); i++) {
                    assertThat(result(answers.get(i))).as(answers.get(i).body()).isEqualTo("ok");
                    assertThat(json(answers.get(i)).path("response").textValue())
                            .isEqualTo("question-" + i);
                }
            }
            // The device, and one connection for each environment.
            await().atMost(PATIENCE).until(() -> cloud.counters().connected() == 5);
        }
    }

    @Test
    void one_environment_serves_many_calls_at_once_as_a_managed_instance() throws Exception {
        Scale scale = new Scale(1, 16, Idleness.AWAKE, Initialization.ON_DEMAND);
        try (TestCloud cloud = start(scale, Map.of())) {
            cloud.device("pump", new Meeting(16));

            List<HttpResponse<String>> answers = atOnce(cloud, 16);

            for (int i = 0; i < answers.size(); i++) {
                assertThat(json(answers.get(i)).path("response").textValue())
                        .as(answers.get(i).body())
                        .isEqualTo("question-" + i);
            }
            await().atMost(PATIENCE).until(() -> cloud.counters().connected() == 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"per-call", "instance"})
    void snapshot_is_taken_with_nothing_connected_and_no_id_and_each_copy_connects_as_itself(String subscription)
            throws Exception {
        Scale scale = new Scale(2, 1, Idleness.AWAKE, Initialization.SNAP_START);
        Set<WireId> asked = ConcurrentHashMap.newKeySet();
        CommandListener ledger = event -> {
            if (event instanceof CommandEvent.Received received) {
                asked.add(received.command().route().wireId());
            }
        };
        try (TestCloud cloud = start(scale, Map.of("ACK_SUBSCRIPTION", subscription))) {
            // It was connected while it was made, and has said goodbye.
            assertThat(cloud.counters().accepted()).isEqualTo(1);
            await().atMost(PATIENCE)
                    .until(() -> cloud.counters().connected() == 0
                            && cloud.counters().sessions() == 0);
            // A thread that is about to end may hold one for a moment.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(liveClasses(cloud))
                            .contains("dev.roundtrip.invoke.lambda.InvokeHandler")
                            .doesNotContain("dev.roundtrip.protocol.MessageId ")
                            .doesNotContain("dev.roundtrip.protocol.Instance ")
                            .doesNotContain("dev.roundtrip.invoke.mqtt.Wildcard ")
                            .doesNotContain("dev.roundtrip.invoke.mqtt.PerCall ")
                            .doesNotContain("dev.roundtrip.invoke.mqtt.CrtMqttChannel ")
                            .doesNotContain("software.amazon.awssdk.crt.mqtt5.Mqtt5Client ")
                            .doesNotContain("software.amazon.awssdk.crt.mqtt5.NegotiatedSettings ")
                            .doesNotContain("CredentialsProvider "));

            cloud.device(cloud.settings("pump"), new Meeting(2), ledger);
            for (HttpResponse<String> answer : atOnce(cloud, 2)) {
                assertThat(result(answer)).as(answer.body()).isEqualTo("ok");
            }
            assertThat(asked).hasSize(2);
            assertThat(asked.stream()
                            .map(WireId::instance)
                            .filter(Objects::nonNull)
                            .distinct())
                    .hasSize(subscription.equals("instance") ? 2 : 0);
            // The device and both copies.
            await().atMost(PATIENCE).until(() -> cloud.counters().connected() == 3);
        }
    }

    /** The classes of which the one function process has living objects, each with a blank behind it. */
    private static String liveClasses(TestCloud cloud) throws Exception {
        String histogram = ask("GC.class_histogram");
        assertThat(cloud.counters().connected()).isZero();
        return histogram.replace("\n", " \n");
    }

    /** The processes of functions. */
    static Stream<ProcessHandle> functions() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"));
    }

    /** What jcmd tells of the one function process. */
    private static String ask(String command) throws Exception {
        ProcessHandle function = functions().findFirst().orElseThrow();
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(function.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(answer).isZero();
        return answer;
    }

    @Test
    void call_is_primed_before_the_snapshot_so_that_the_first_one_finds_every_class_of_the_core_loaded()
            throws Exception {
        Scale scale = new Scale(1, 1, Idleness.AWAKE, Initialization.SNAP_START);
        try (TestCloud cloud = start(scale, Map.of())) {
            cloud.device("pump");
            Set<String> primed = loadedClassesOfTheCore();
            assertThat(cloud.log())
                    .allMatch(line ->
                            line.contains("\"event\":\"connected\"") || line.contains("\"event\":\"disconnected\""));

            HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=question");

            assertThat(result(answer)).as(answer.body()).isEqualTo("ok");
            assertThat(primed)
                    .contains("dev.roundtrip.protocol.AnswerMessage$Answered", "dev.roundtrip.invoke.Replies")
                    .containsAll(loadedClassesOfTheCore());
        }
    }

    private static Set<String> loadedClassesOfTheCore() throws Exception {
        return Pattern.compile("dev\\.roundtrip\\.(?:protocol|invoke)\\.[A-Z][A-Za-z$]*")
                .matcher(ask("VM.class_hierarchy"))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    @Test
    void setting_that_is_wrong_stops_the_start_and_leaves_nothing_behind() {
        assertThatThrownBy(() -> start(Scale.upTo(1), Map.of("DEFAULT_TIMEOUT_SECONDS", "soon")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("DEFAULT_TIMEOUT_SECONDS must be a whole number");

        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.current().descendants().findAny().isEmpty());
    }

    @Test
    void log_of_the_processes_goes_where_the_functions_does_and_has_no_secret() throws Exception {
        try (TestCloud cloud = start(Scale.upTo(1), Map.of())) {
            cloud.device("pump");

            HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=planted-secret");

            String id = json(answer).path("id").textValue();
            await().atMost(PATIENCE).until(() -> cloud.log().stream().anyMatch(line -> line.contains(id)));
            assertThat(String.join("\n", cloud.log()))
                    .doesNotContain("planted-secret")
                    .doesNotContain(cloud.cloud().state().credentials().secretAccessKey());
            assertThat(ProcessHandle.current().descendants().map(ProcessHandle::info))
                    .isNotEmpty()
                    .noneMatch(process -> process.commandLine()
                            .orElse("")
                            .contains(cloud.cloud().state().credentials().secretAccessKey()));
        }
        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.current().descendants().findAny().isEmpty());
    }
}
