package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.commands.LocalCloudCommand;
import dev.roundtrip.local.store.RunningLock;
import dev.roundtrip.protocol.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands that ask a local cloud that runs. */
class CloudCommandsIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private RunningLock running;

    /** What a command wrote, and its exit code. */
    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
        running = cloud.cloud().state().claim();
        cloud.cloud().writeEnvironment();
        cloud.device("pump");
    }

    @AfterEach
    void stop() {
        running.close();
        cloud.close();
    }

    private Ended run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = LocalCloudCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--state";
        all[words.length + 1] = state.toString();
        return new Ended(command.execute(all), out.toString(), err.toString());
    }

    private static String withoutTimes(String text) {
        return text.replaceAll("[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}", "TIME")
                .replaceAll(" +[0-9]+\\.[0-9](?= )", " MS")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID");
    }

    @Test
    void calls_have_a_line_each_and_the_newest_is_the_last() throws Exception {
        cloud.get("target=pump&method=echo&request=hi&timeout=10");
        cloud.get("target=pump&method=nosuch&request=hi&timeout=10");

        Ended ended = run("calls");

        assertThat(ended.code()).isZero();
        assertThat(withoutTimes(ended.out()).lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "time result status ms target.method caller cause",
                        "TIME ok 200 MS pump.echo local",
                        "TIME refused 409 MS pump.nosuch local unknown method");
        assertThat(run("calls", "--failed").out()).doesNotContain("pump.echo").contains("pump.nosuch");
        assertThat(run("calls", "--device", "lamp").err()).contains("there is no such call in the journal");
    }

    @Test
    void call_is_explained_step_by_step_with_a_cause_and_an_advice() throws Exception {
        cloud.get("target=pmup&method=echo&request=hi&timeout=1");

        Ended ended = run("explain", "last");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("of pmup.echo by local: timeout, HTTP 504", "unmatched", "Did you mean pump?");
        JsonNode call = Json.mapper().readTree(run("explain", "last", "--json").out());
        assertThat(call.path("diagnosis").path("cause").asText()).isEqualTo("never_connected");
        assertThat(run("explain", call.path("id").asText()).out()).isEqualTo(ended.out());
    }

    @Test
    void call_that_nobody_knows_is_one_line_and_exit_code_1() {
        Ended ended = run("explain", "7f0c4a36-0000-4000-8000-000000000000");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("local-cloud: there is no such call")
                .contains("bin/local-cloud calls lists")
                .hasLineCount(1);
        assertThat(run("explain", "../things").code()).isEqualTo(2);
    }

    @Test
    void what_a_device_sends_does_not_reach_the_terminal_as_it_is() throws Exception {
        cloud.get("target=pump&method=echo&request=%1B%5B2J%0Dgone&timeout=10");

        assertThat(run("explain", "last").out()).contains("gone").doesNotContain("\u001b", "\r");
        cloud.get("target=pump&method=echo&request=%C2%9B2Jgone&timeout=10");
        assertThat(run("explain", "last", "--json").out())
                .contains("\\u009b2Jgone")
                .doesNotContain("\u009b");
    }

    @Test
    void faults_are_shown_replaced_and_ended() {
        assertThat(run("faults").out()).isEqualTo("Faults: off\n");
        assertThat(run("faults", "drop=0.5,seed=7").out()).isEqualTo("Faults: seed=7,drop=0.5\n");
        assertThat(run("faults", "off").out()).isEqualTo("Faults: off\n");

        Ended wrong = run("faults", "drop:10%");

        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("NAME=VALUE").hasLineCount(1);
    }

    @Test
    void things_status_and_log_are_told() throws Exception {
        cloud.thing("lamp");
        cloud.get("target=pump&method=echo&request=hi&timeout=10");

        assertThat(run("list").out().lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("pump connected 20"))
                .contains("lamp never connected");
        assertThat(run("status").out()).contains("ports.api", "runtime", "journal.entries");
        assertThat(run("status", "--json").out()).contains("\"pid\"");
        assertThat(run("logs").out()).contains("\"event\":\"call\"").doesNotContain("\"lines\"");
    }

    @Test
    void watch_ends_when_the_cloud_has_stopped() throws Exception {
        CompletableFuture<Ended> watched = CompletableFuture.supplyAsync(() -> run("watch", "--json"));
        await().until(() -> run("status", "--json").out().contains("\"streams\" : 1"));
        cloud.get("target=pump&method=echo&request=hi&timeout=10");
        await().until(() -> run("calls").out().contains("pump.echo"));

        cloud.close();

        Ended ended = watched.get(30, TimeUnit.SECONDS);
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("\"method\":\"echo\"");
        assertThat(ended.err()).isEqualTo("local-cloud: the local cloud has stopped\n");
    }

    @Test
    void token_of_an_earlier_start_is_told() throws Exception {
        Files.writeString(state.resolve("token"), "0123456789012345678901234567890123456789");

        Ended ended = run("status");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("is not that of the local cloud at").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"watch", "calls", "list", "status", "logs", "faults", "stop"})
    void without_a_cloud_each_says_how_to_start_one(String command) {
        running.close();

        Ended ended = run(command);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("start one with bin/local-cloud start").hasLineCount(1);
    }
}
