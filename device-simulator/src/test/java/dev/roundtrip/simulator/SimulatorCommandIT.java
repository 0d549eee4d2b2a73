package dev.roundtrip.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.Json;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SimulatorCommandIT {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TestCertificates certificates;

    @SuppressWarnings("NullAway.Init")
    private ScriptedBroker broker;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start_the_broker() throws Exception {
        certificates = new TestCertificates(directory, "authority");
        broker = new ScriptedBroker(certificates);
    }

    @AfterEach
    void stop_the_broker() {
        broker.close();
    }

    private List<String> connection(String name) {
        TlsFiles files = certificates.device(name);
        return List.of(
                "--endpoint", "127.0.0.1:" + broker.port(),
                "--ca", files.authority().toString(),
                "--cert", files.certificate().toString(),
                "--key", files.key().toString(),
                "--client-id", name);
    }

    private int run(List<String> connection, String... more) {
        List<String> arguments = new ArrayList<>(connection);
        arguments.addAll(List.of(more));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    private CompletableFuture<Integer> start(String... more) {
        List<String> connection = connection("lamp");
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> run(connection, more));
        await().until(() -> out.toString().contains("Waiting for command ...") || exit.isDone());
        return exit;
    }

    @Test
    void it_says_when_it_is_ready_answers_and_ends_after_so_many_calls() throws Exception {
        CompletableFuture<Integer> exit = start("--exit-after", "2", "--verbose");
        Gateway gateway = new Gateway(broker, "lamp");

        Gateway.Call call = gateway.ask("echo", "\"a secret\"");
        assertThat(gateway.nextAnswer()).isInstanceOf(AnswerMessage.Answered.class);
        gateway.ask("add", "\"no numbers\"");
        assertThat(gateway.nextAnswer()).isInstanceOf(AnswerMessage.Failed.class);

        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString())
                .startsWith("Waiting for command ...\n")
                .contains("lamp echo " + call.route().id() + " answered ok after ")
                .contains("answered invalid_arguments after ")
                .doesNotContain("a secret");
        await().untilAsserted(() -> assertThat(broker.disconnects).containsExactly("lamp"));
    }

    @Test
    void payloads_are_shown_when_asked_for_and_cannot_steer_the_terminal() throws Exception {
        CompletableFuture<Integer> exit = start("--exit-after", "1", "--verbose", "--show-payloads", "--mqtt", "3");
        Gateway gateway = new Gateway(broker, "lamp");

        gateway.ask("echo", "\"ab\u009bc\u202e\"");

        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString()).contains("asked \"ab?c?\"");
        assertThat(broker.connects).containsExactly("lamp v4");
    }

    @Test
    void a_method_that_it_does_not_have_is_unknown() throws Exception {
        CompletableFuture<Integer> exit = start("--exit-after=1", "--verbose");
        Gateway gateway = new Gateway(broker, "lamp");

        gateway.ask("open", "1");

        assertThat(gateway.nextAnswer()).isInstanceOfSatisfying(AnswerMessage.Refused.class, refused -> {
            assertThat(refused.refusal().code()).isEqualTo("unknown_method");
            assertThat(refused.refusal().message())
                    .isEqualTo("there is no method 'open'; there are add, div, echo, greet, mul, sleep, sub");
        });
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(err.toString()).contains("received 1, ran 0,");
    }

    @Test
    void counters_in_a_store_outlive_the_program(@TempDir Path directory) throws Exception {
        String store = "--store=" + directory.resolve("{name}.journal");
        Gateway gateway = new Gateway(broker, "lamp");
        CompletableFuture<Integer> first = start("--exit-after=1", store);
        gateway.ask("lane.set", "{\"lane\":\"echo\",\"last\":41}");
        gateway.nextAnswer();
        assertThat(first.get(10, TimeUnit.SECONDS)).isZero();
        out.getBuffer().setLength(0);

        CompletableFuture<Integer> second = start("--exit-after=1", store);
        gateway.ask("lane.get", "\"echo\"");

        assertThat(gateway.nextAnswer())
                .isInstanceOfSatisfying(
                        AnswerMessage.Answered.class,
                        answered -> assertThat(
                                        answered.response().tree().path("last").asInt())
                                .isEqualTo(41));
        assertThat(second.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(directory.resolve("lamp.journal")).exists();
    }

    @Test
    void twin_of_the_samples_device_greets_on_any_method_and_still_adds() throws Exception {
        CompletableFuture<Integer> exit = start("--exit-after=2", "--as-sample");
        Gateway gateway = new Gateway(broker, "lamp");

        gateway.ask("open", "\"my_request_1\"");
        AnswerMessage greeting = gateway.nextAnswer();
        gateway.ask("add", "[1,2]");
        AnswerMessage sum = gateway.nextAnswer();

        assertThat(greeting)
                .isInstanceOfSatisfying(
                        AnswerMessage.Answered.class,
                        answer -> assertThat(answer.response().toString())
                                .startsWith("\"Your request was 'my_request_1'. Some random response: '"));
        assertThat(sum)
                .isInstanceOfSatisfying(
                        AnswerMessage.Answered.class,
                        answer -> assertThat(answer.response()).hasToString("3"));
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"--fail, failed", "--fail=jammed, jammed"})
    void a_device_told_to_fail_fails(String option, String code) throws Exception {
        CompletableFuture<Integer> exit = start("--exit-after=1", option);
        Gateway gateway = new Gateway(broker, "lamp");

        gateway.ask("echo", "1");

        assertThat(gateway.nextAnswer())
                .isInstanceOfSatisfying(
                        AnswerMessage.Failed.class,
                        failed -> assertThat(failed.error().code()).isEqualTo(code));
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void faults_by_chance_are_repeated_with_the_seed_that_is_printed() throws Exception {
        List<String> first = answersToTwenty("--duplicate", "--fault-rate=0.5");
        String seed = err.toString().replaceAll("(?s).*--seed ([0-9]+) .*", "$1");
        List<String> again = answersToTwenty("--duplicate", "--fault-rate=0.5", "--seed=" + seed);

        assertThat(seed).matches("[0-9]+");
        assertThat(first).hasSizeBetween(21, 39);
        assertThat(again).isEqualTo(first);
    }

    /** Which of twenty calls were answered, by their number; twice for those answered twice. */
    private List<String> answersToTwenty(String... faults) throws Exception {
        out.getBuffer().setLength(0);
        List<String> options = new ArrayList<>(List.of(faults));
        options.addAll(List.of("--exit-after=21", "--verbose", "--show-payloads"));
        CompletableFuture<Integer> exit = start(options.toArray(String[]::new));
        Gateway gateway = new Gateway(broker, "lamp");
        for (int i = 0; i < 20; i++) {
            gateway.ask("echo", "\"call-" + i + "\"");
        }
        await().until(() ->
                IntStream.range(0, 20).allMatch(i -> out.toString().contains("\"response\":\"call-" + i + "\"")));
        gateway.ask("echo", "\"end\"");
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        broker.answers.clear();
        return Pattern.compile("\"response\":\"(call-[0-9]+)\"")
                .matcher(out.toString())
                .results()
                .map(answer -> answer.group(1))
                .sorted()
                .toList();
    }

    @Test
    void a_deaf_device_answers_nothing() throws Exception {
        CompletableFuture<Integer> exit = start("--exit-after=1", "--deaf");

        new Gateway(broker, "lamp").ask("echo", "1");

        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(broker.answers).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--shadow-refuse   | refused as 422     | {'acks':{'rpm':{'ac':422,'av':7,"
                        + "'ad':'this device was told to refuse'}}}",
                "--shadow-report=3 | reported otherwise | {'rpm':3,'acks':{'rpm':{'ac':200,'av':7,'ad':'applied'}}}",
                "--shadow-delay=1  | applied            | {'rpm':8,'acks':{'rpm':{'ac':200,'av':7,'ad':'applied'}}}",
                "--shadow-clear    | applied            | {'rpm':8,'acks':{'rpm':{'ac':200,'av':7,'ad':'applied'}}}",
            },
            quoteCharacter = '"')
    void named_shadow_is_kept_as_the_options_say(String option, String line, String reported) throws Exception {
        String prefix = "$aws/things/lamp/shadow/name/config/";
        CompletableFuture<Integer> exit = start("--shadow-name=config", option, "--verbose", "--exit-after=1");
        Gateway gateway = new Gateway(broker, "lamp");

        String token = gateway.nextJson(prefix + "get").path("clientToken").asText();
        broker.send(
                "lamp",
                prefix + "get/accepted",
                "{\"version\":7,\"state\":{\"delta\":{\"rpm\":8}},\"clientToken\":\"%s\"}"
                        .formatted(token)
                        .getBytes(UTF_8),
                new MqttProperties());

        JsonNode state = gateway.nextJson(prefix + "update").path("state");
        assertThat(state.path("reported"))
                .isEqualTo(Json.read(reported.replace('\'', '"').getBytes(UTF_8)));
        assertThat(state.has("desired")).isEqualTo(option.equals("--shadow-clear"));
        gateway.ask("echo", "1");
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString()).contains("lamp shadow config rpm " + line + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "--show-payloads, --verbose",
        "--quiet --verbose, --quiet",
        "--quiet --verbose --show-payloads, --quiet",
        "--silent --fail, --silent sends no answer",
        "--silent --garbage, --silent sends no answer",
        "--silent --duplicate, --silent sends no answer",
        "--silent --late, --silent sends no answer",
        "--deaf --silent, --deaf ignores each call",
        "--deaf --delay 5, --deaf ignores each call",
        "--garbage --fail, --garbage and --fail",
        "--fault-rate 0.5, --fault-rate needs a fault",
        "--fault-rate 0.5 --delay 0, --fault-rate needs a fault",
        "--shadow-refuse, --shadow-clear need --shadow or --shadow-name",
        "--shadow --shadow-ignore --shadow-report 3, cannot be combined",
    })
    void options_that_contradict_each_other_are_refused(String options, String reason) {
        assertThat(run(connection("lamp"), options.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--work-fault fail           | add --jobs DIR or --commands",
                "--commands --work-fault x   | --work-fault must be slow=MS, fail, silent, power-cut=PERCENT or reboot",
                "--commands --work-fault slow=x       | such as slow=2000",
                "--jobs x --work-fault power-cut=101  | from 0 to 100, such as power-cut=50",
                "--template pumps            | --template needs --identity: name the directory",
                "--identity x                | --identity needs --template: name the provisioning template",
                "--parameter SerialNumber=7  | --parameter needs --template",
                "--parameter SerialNumber    | NAME=VALUE",
                "--template a/b --identity x | --template takes a name of 1 to 36 of a-z A-Z 0-9 _ -, such as pumps",
                "--template pumps --identity x --count 2 | such as identity/{name}",
                "--jobs pom.xml             | --jobs takes a directory, but pom.xml is a file: name another path",
                "--store x --count 2         | such as {name}.journal",
            })
    void options_of_work_and_provisioning_that_are_wrong_say_what_to_do(String options, String reason) {
        assertThat(run(connection("lamp"), options.trim().split(" "))).isEqualTo(2);

        assertThat(err.toString()).contains(reason);
        assertThat(broker.connects).isEmpty();
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void jobs_and_commands_are_carried_out_and_told_as_the_options_say(@TempDir Path files) throws Exception {
        try (PlayedServices services =
                new PlayedServices(broker, "lamp", "{\"operation\":\"work\",\"steps\":2,\"millis\":0}")) {
            CompletableFuture<Integer> exit = start(
                    "--jobs=" + files,
                    "--commands",
                    "--work-fault=power-cut=50",
                    "--seed=3",
                    "--verbose",
                    "--exit-after=2");
            await().until(() -> services.status().equals("SUCCEEDED"));
            await().until(() -> broker.connects.size() == 2);
            services.command("e1", "{\"method\":\"add\",\"request\":[1,2]}");

            await().until(() -> services.results.size() == 1);
            assertThat(services.results.toString()).contains("{\"response\":{\"s\":\"3\"}}");
            services.command("e2", "{\"method\":\"add\",\"request\":[1,2]}");
            assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
            assertThat(out.toString()).contains("lamp job job-1 step 1 done\n", "lamp job job-1 step 2 done\n");
            assertThat(err.toString()).contains("--seed 3 repeats them");
        }
    }

    @ParameterizedTest
    @CsvSource({"fail, FAILED", "slow=1, SUCCEEDED"})
    void faults_of_work_show_at_the_service(String fault, String status, @TempDir Path files) throws Exception {
        try (PlayedServices services = new PlayedServices(broker, "lamp", "{\"operation\":\"diagnostics\"}")) {
            CompletableFuture<Integer> exit = start("--jobs=" + files, "--work-fault=" + fault, "--exit-after=1");

            await().until(() -> services.status().equals(status));

            new Gateway(broker, "lamp").ask("echo", "1");
            assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void every_option_with_a_value_says_an_example_and_what_holds_without_it() {
        assertThat(Main.commandLine().getCommandSpec().options())
                .filteredOn(option ->
                        option.arity().max() > 0 && !option.longestName().equals("--mqtt"))
                .hasSizeGreaterThan(20)
                .allSatisfy(option -> {
                    String help = String.join(" ", option.description());
                    assertThat(help).as(option.longestName()).contains("such as ");
                    if (!option.required()) {
                        assertThat(help).as(option.longestName()).containsAnyOf("Default: ", "Without ");
                    }
                });
    }

    @Test
    void example_of_the_help_is_not_broken_at_the_usual_width() {
        assertThat(run(List.of(), "--help")).isZero();

        assertThat(out.toString())
                .contains(String.join(
                        "\n", Main.commandLine().getCommandSpec().usageMessage().footer()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3"})
    void broker_of_another_authority_is_told_though_the_network_is_silent_about_it(String mqtt) throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        TlsFiles others = new TestCertificates(elsewhere, "authority").device("lamp");
        List<String> connection = new ArrayList<>(connection("lamp"));
        connection.set(connection.indexOf("--ca") + 1, others.authority().toString());

        int exit = run(connection, "--connect-timeout", "60", "--mqtt", mqtt);

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "is not trusted: the CA file " + others.authority() + " is not the authority that signed it",
                        "--ca")
                .hasLineCount(1);
    }

    @Test
    void a_silent_device_ends_all_the_same() throws Exception {
        CompletableFuture<Integer> exit = start("--exit-after=1", "--silent");

        new Gateway(broker, "lamp").ask("echo", "1");

        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(broker.answers).isEmpty();
    }

    @Test
    void many_devices_have_numbered_names_and_their_own_certificates() throws Exception {
        List<String> connection = new ArrayList<>(connection("lamp"));
        certificates.device("lamp-1");
        certificates.device("lamp-2");
        connection.set(5, directory.resolve("{name}.pem").toString());
        connection.set(7, directory.resolve("{name}.key").toString());
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> run(connection, "--count=2", "--exit-after=1"));
        await().until(() -> out.toString().contains("Waiting for command ..."));

        new Gateway(broker, "lamp-2").ask("echo", "1");

        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(broker.subscriptions)
                .containsExactlyInAnyOrder("lamp-1 lamp-1/# AT_LEAST_ONCE", "lamp-2 lamp-2/# AT_LEAST_ONCE");
    }

    @Test
    void a_refused_subscription_is_one_line_and_exit_1() {
        broker.refusesSubscriptions = true;

        assertThat(run(connection("lamp"))).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).singleElement().asString().contains("iot:Subscribe");
    }

    @Test
    void a_broker_that_is_not_there_is_one_line_and_exit_1() {
        List<String> connection = connection("lamp");
        broker.close();

        assertThat(run(connection)).isEqualTo(1);

        assertThat(err.toString().lines()).singleElement().asString().contains("nobody listens");
    }

    @Test
    void a_refused_connection_is_one_line_and_exit_1() {
        broker.connectReply = MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5;

        assertThat(run(connection("lamp"))).isEqualTo(1);

        assertThat(err.toString().lines()).singleElement().asString().contains("iot:Connect");
    }

    @Test
    void its_version_is_the_builds() {
        assertThat(run(List.of(), "--version")).isZero();

        assertThat(out.toString()).matches("device-simulator [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\n");
    }

    @Test
    void a_missing_key_is_one_line_and_exit_1() throws Exception {
        List<String> connection = connection("lamp");
        Files.delete(directory.resolve("lamp.key"));

        assertThat(run(connection)).isEqualTo(1);

        assertThat(err.toString().lines()).singleElement().asString().contains("lamp.key");
    }

    @ParameterizedTest
    @CsvSource({
        "--client-id, a/b, --client-id may have",
        "--endpoint, mqtts://host, --endpoint must be",
        "--mqtt, 4, --mqtt must be 5 or 3",
        "--count, 0, --count must be 1 or more",
        "--delay, -1, --delay and --late",
        "--fault-rate, 1.5, --fault-rate must be",
        "--max-in-flight, 0, --max-in-flight must be",
        "--count, many, is not a whole number",
        "--exit-after, 0, --exit-after must be",
        "--connect-timeout, 0, --connect-timeout must be 1 or more",
        "--connect-timeout, -1, --connect-timeout must be 1 or more",
        "--shadow-name, a/b, --shadow-name has 1 to 64 of",
        "--shadow-delay, -1, --shadow-delay takes milliseconds",
        "--shadow-refuse, 200, --shadow-refuse takes a code",
        "--shadow-report, {, --shadow-report takes JSON",
        "--frobnicate, 1, Unknown option",
    })
    void wrong_usage_says_what_is_wrong_and_exits_with_2(String option, String value, String message) {
        List<String> connection = new ArrayList<>(connection("lamp"));
        int index = connection.indexOf(option);
        if (index >= 0) {
            connection.set(index + 1, value);
        } else {
            connection.addAll(List.of(option, value));
        }

        assertThat(run(connection)).isEqualTo(2);

        assertThat(err.toString()).contains(message);
    }

    @Test
    void a_misspelt_option_is_named_before_those_that_are_missing() {
        assertThat(run(List.of("--client-idd", "lamp"))).isEqualTo(2);

        assertThat(err.toString()).contains("--client-idd").doesNotContain("Missing");
    }

    @Test
    void sigterm_ends_it_in_order() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(connection("lamp"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("Waiting for command ...");

            process.destroy();

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(broker.disconnects).containsExactly("lamp"));
        } finally {
            process.destroyForcibly();
        }
    }
}
