package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.LocalCloudSettings.RuntimeChoice;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.lambda.RuntimeSettings.Scale;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Device;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Each cause of docs/local-api.md, brought about with real sockets. */
class DiagnosisIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CALL = "target=pump&method=echo&request=hi&timeout=1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private @Nullable TestCloud cloud;
    private final List<ScriptedDevice> devices = new ArrayList<>();

    @AfterEach
    void stop() {
        devices.forEach(ScriptedDevice::close);
        if (cloud != null) {
            cloud.close();
        }
    }

    private TestCloud start() throws Exception {
        return start(UnaryOperator.identity());
    }

    private TestCloud start(UnaryOperator<LocalCloudSettings> change) throws Exception {
        TestCloud started = TestCloud.start(state, change);
        cloud = started;
        return started;
    }

    private TestCloud cloud() {
        return Objects.requireNonNull(cloud);
    }

    private void pump(String filter, ScriptedDevice.Script script) throws Exception {
        Thing thing = cloud().thing("pump");
        devices.add(new ScriptedDevice(
                "pump",
                filter,
                script,
                thing.files(),
                cloud().cloud().state().authorityFile(),
                cloud().broker().devicePort()));
    }

    private JsonNode explain(HttpResponse<?> answer, String cause) throws Exception {
        JsonNode diagnosis = new OwnApi(cloud()).diagnosis(answer);
        assertThat(diagnosis.path("cause").asText()).as(diagnosis.toString()).isEqualTo(cause);
        assertThat(diagnosis.path("sentence").asText()).endsWith(".");
        return diagnosis;
    }

    private static String answer(String id) {
        return "{\"id\":\"" + id + "\",\"response\":1}";
    }

    @Test
    void call_that_is_answered_is_ok() throws Exception {
        start().device("pump");

        JsonNode why = explain(cloud().get("target=pump&method=echo&request=hi&timeout=10"), "ok");

        assertThat(why.path("sentence").asText()).startsWith("The device answered after ");
        assertThat(why.path("advice").isNull()).isTrue();
    }

    @Test
    void misspelt_target_never_connected_and_the_advice_knows_better() throws Exception {
        start().device("pump");

        JsonNode why = explain(cloud().get("target=pmup&method=echo&request=hi&timeout=1"), "never_connected");

        assertThat(why.path("sentence").asText()).contains("pmup", "no such thing");
        assertThat(why.path("advice").asText()).contains("Did you mean pump?");
    }

    @Test
    void device_that_left_is_away_since_and_for_a_reason() throws Exception {
        Device pump = start().device("pump");
        long connected = cloud().counters().connected();
        pump.close();
        await().atMost(PATIENCE).until(() -> cloud().counters().connected() < connected);

        JsonNode why = explain(cloud().get(CALL), "away");

        assertThat(why.path("sentence").asText())
                .contains("pump is not connected since 20", "CLIENT_INITIATED_DISCONNECT");
    }

    @Test
    void device_without_the_subscription_is_not_subscribed() throws Exception {
        start();
        pump("pump/other/#", ScriptedDevice.Script.SILENT);

        JsonNode why = explain(cloud().get(CALL), "not_subscribed");

        assertThat(why.path("sentence").asText()).contains("pump/echo/roundtrip/", "pump/other/#");
    }

    @Test
    void device_whose_policy_forbids_the_answer_is_told_by_its_topic() throws Exception {
        start();
        cloud().edit(
                        cloud().thing("pump").files().policy(),
                        policy -> policy.replace("iot:Publish", "iot:RetainPublish"));
        cloud().device("pump");

        JsonNode why = explain(cloud().get(CALL), "answer_forbidden");

        assertThat(why.path("sentence").asText()).contains("/pump/echo/ack");
    }

    @Test
    void device_whose_policy_forbids_the_request_does_not_get_it() throws Exception {
        start();
        cloud().edit(
                        cloud().thing("pump").files().policy(),
                        policy -> policy.replace(
                                "topic/${iot:Connection.Thing.ThingName}/*/roundtrip/*", "topic/nothing/*"));
        cloud().device("pump");

        explain(cloud().get(CALL), "receive_forbidden");
    }

    @Test
    void answer_with_another_id_is_told() throws Exception {
        start();
        pump(
                "pump/#",
                (request, answers) -> answers.publish(
                        request.answerTopic(), answer(MessageId.random().toString())));

        JsonNode why = explain(cloud().get(CALL), "wrong_id");

        assertThat(why.path("advice").asText()).contains("\"id\":\"");
    }

    @Test
    void answer_without_an_id_is_told() throws Exception {
        start();
        pump("pump/#", (request, answers) -> answers.publish(request.answerTopic(), "{\"response\":1}"));

        HttpResponse<String> told = cloud().get(CALL);

        JsonNode why = new OwnApi(cloud()).diagnosis(told);
        assertThat(why.path("cause").asText()).isIn("wrong_id", "device_error");
    }

    @Test
    void answer_under_another_id_is_on_the_wrong_topic() throws Exception {
        start();
        pump(
                "pump/#",
                (request, answers) -> answers.publish(
                        "roundtrip/" + MessageId.random() + "/pump/echo/ack", answer(request.wireId())));

        JsonNode why = explain(cloud().get(CALL), "wrong_answer_topic");

        assertThat(why.path("advice").asText()).startsWith("Publish the answer to roundtrip/");
    }

    @Test
    void answer_of_another_method_is_on_the_wrong_topic() throws Exception {
        start();
        pump(
                "pump/#",
                (request, answers) ->
                        answers.publish(request.answerTopic().replace("/echo/", "/ohce/"), answer(request.wireId())));

        explain(cloud().get(CALL), "wrong_answer_topic");
    }

    @Test
    void answer_on_a_topic_of_its_own_that_is_forbidden_is_on_the_wrong_topic() throws Exception {
        start();
        pump("pump/#", (request, answers) -> answers.publish("pump/answers", answer(request.wireId())));

        JsonNode why = explain(cloud().get(CALL), "wrong_answer_topic");

        assertThat(why.path("sentence").asText()).contains("pump/answers", "forbids");
    }

    @Test
    void answer_after_the_deadline_is_late() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        start();
        pump(
                "pump/#",
                (request, answers) -> Thread.ofVirtual().start(() -> {
                    try {
                        if (told.await(30, TimeUnit.SECONDS)) {
                            answers.publish(request.answerTopic(), answer(request.wireId()));
                            sent.countDown();
                        }
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                }));

        HttpResponse<String> answer = cloud().get(CALL);
        explain(answer, "no_answer");
        told.countDown();
        assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();

        await().atMost(PATIENCE)
                .until(() -> new OwnApi(cloud())
                        .diagnosis(answer)
                        .path("cause")
                        .asText()
                        .equals("late_answer"));
        assertThat(explain(answer, "late_answer").path("sentence").asText())
                .contains(" ms after the caller's deadline");
    }

    @Test
    void device_that_says_nothing_gives_no_answer() throws Exception {
        start().device("pump", TestCloud.SILENT);

        explain(cloud().get(CALL), "no_answer");
    }

    @Test
    void method_that_the_device_does_not_have_is_unknown() throws Exception {
        start().device("pump");

        JsonNode why = explain(cloud().get("target=pump&method=ehco&request=hi&timeout=10"), "unknown_method");

        assertThat(why.path("sentence").asText()).contains("unknown_method", "ehco");
    }

    @Test
    void device_that_refuses_is_told_with_its_code() throws Exception {
        start();
        pump(
                "pump/#",
                (request, answers) -> answers.publish(
                        request.answerTopic(),
                        "{\"id\":\"" + request.wireId() + "\",\"refused\":{\"code\":\"too_hot\",\"message\":\"m\"}}"));

        assertThat(explain(cloud().get(CALL), "refused").path("sentence").asText())
                .contains("(too_hot)");
    }

    @Test
    void method_that_fails_is_an_error_of_the_device() throws Exception {
        start().device("pump", TestCloud.VERSATILE);

        HttpResponse<String> answer =
                cloud().post("{\"target\":\"pump\",\"method\":\"div\",\"request\":[1,0],\"timeout\":10}");

        explain(answer, "device_error");
    }

    @Test
    void answer_that_cannot_be_read_is_an_error_of_the_device() throws Exception {
        start().device("pump", TestCloud.GARBLED);

        assertThat(explain(cloud().get(CALL), "device_error").path("sentence").asText())
                .contains("cannot be read");
    }

    private HttpResponse<String> as(String policy, @Nullable String secret) throws Exception {
        StoredUser alice = cloud().cloud().state().caller(new UserName("alice"), policy);
        cloud().cloud().readStateAgain();
        RequestSigner signer = new RequestSigner(
                AwsCredentialsIdentity.create(
                        alice.credentials().accessKeyId(),
                        secret == null ? alice.credentials().secretAccessKey() : secret),
                cloud().scope());
        return cloud().send(signer.sign(UnsignedRequest.get(cloud().cloud().apiEndpoint() + "/pump/echo?request=x")));
    }

    private static String policy(String effect) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Mine\",\"Effect\":\"" + effect
                + "\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"*\"}]}";
    }

    @Test
    void caller_whose_policy_forbids_the_call_sees_the_statement() throws Exception {
        start();

        JsonNode why = explain(as(policy("Deny"), null), "caller_forbidden");

        assertThat(why.path("sentence").asText()).contains("Mine", "execute-api:Invoke");
        JsonNode call = new OwnApi(cloud()).get("calls/last");
        assertThat(call.path("target").asText()).isEqualTo("pump");
        assertThat(call.path("caller").asText()).endsWith("user/alice");
    }

    @Test
    void wrong_signature_is_told() throws Exception {
        start();

        JsonNode why = explain(as(policy("Allow"), "another-secret"), "signature");

        assertThat(why.path("sentence").asText()).contains("InvalidSignatureException");
    }

    @Test
    void gateway_whose_policy_forbids_the_request_is_told() throws Exception {
        start().device("pump");
        cloud().edit(
                        cloud().cloud().state().path().resolve("gateway-policy.json"),
                        policy -> policy.replace("topic/*/*/roundtrip/*", "topic/other/*"));

        JsonNode why = explain(cloud().get(CALL), "gateway_forbidden");

        assertThat(why.path("sentence").asText()).contains("pump/echo/roundtrip/");
    }

    @Test
    void gateway_whose_policy_forbids_the_direct_message_is_told() throws Exception {
        start(settings -> settings.withFunction(Map.of("DELIVERY", "direct"))).device("pump");
        cloud().edit(
                        cloud().cloud().state().path().resolve("gateway-policy.json"),
                        policy -> policy.replace("iot:SendDirectMessage", "iot:SendOther"));

        JsonNode why = explain(cloud().get(CALL), "gateway_forbidden");

        assertThat(why.path("sentence").asText()).contains("pump/echo/roundtrip/");
    }

    @Test
    void gateway_whose_policy_forbids_to_connect_is_told() throws Exception {
        start().device("pump");
        cloud().edit(
                        cloud().cloud().state().path().resolve("gateway-policy.json"),
                        policy -> policy.replace("client/roundtrip.*", "client/other.*"));
        cloud().broker().restart(Duration.ZERO);

        JsonNode why = explain(cloud().get(CALL), "gateway_forbidden");

        assertThat(why.path("sentence").asText()).contains("roundtrip.");
    }

    @Test
    void message_that_a_fault_loses_is_told_with_the_fault() throws Exception {
        start(settings -> settings.withBroker(
                        new BrokerChoice.Own(BrokerLimits.local()).withFaults(FaultSpec.parse("seed=1,drop=1"))))
                .device("pump");

        assertThat(explain(cloud().get(CALL), "fault").path("sentence").asText())
                .contains("drop", "request");
    }

    @Test
    void request_that_is_too_large_is_told() throws Exception {
        start().device("pump");

        explain(
                cloud().post("{\"target\":\"pump\",\"method\":\"echo\",\"request\":\"" + "x".repeat(128 * 1024)
                        + "\",\"timeout\":5}"),
                "too_large");
    }

    @Test
    void request_that_is_no_call_is_told() throws Exception {
        start();

        JsonNode why = explain(cloud().get("target=pump&method=echo&timeout=-1"), "invalid_parameters");

        assertThat(why.path("sentence").asText()).contains("timeout");
    }

    @Test
    void call_beyond_the_limit_of_the_function_is_throttled() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        start(settings -> settings.withFunction(Map.of("MAX_CALLS_IN_FLIGHT", "1")));
        pump("pump/#", (request, answers) -> came.countDown());
        Thread caller = call();
        assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();

        explain(cloud().get(CALL), "throttled");
        caller.interrupt();
    }

    @Test
    void broker_that_cannot_be_reached_is_unavailable() throws Exception {
        start(settings -> settings.withFunction(Map.of("WSS_ENDPOINT", "127.0.0.1:1")));

        explain(cloud().get(CALL), "unavailable");
    }

    @Test
    void function_that_ends_in_the_middle_of_a_call_has_failed() throws Exception {
        start(settings -> settings.withRuntime(new RuntimeChoice.OwnProcess(Scale.upTo(1))));
        pump("pump/#", (request, answers) -> PackagedFunctionIT.functions().forEach(ProcessHandle::destroyForcibly));

        JsonNode why = explain(cloud().get(CALL), "function_failed");

        assertThat(why.path("sentence").asText()).startsWith("The function gave no answer: the runtime ended");
        assertThat(why.path("advice").asText()).contains("bin/local-cloud logs");
    }

    /** A call that nobody waits for. */
    private Thread call() {
        return Thread.ofVirtual().start(() -> {
            try {
                cloud().get("target=pump&method=echo&request=hi&timeout=20");
            } catch (Exception end) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void call_that_runs_is_running() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        start();
        pump("pump/#", (request, answers) -> came.countDown());
        Thread caller = call();
        assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();

        JsonNode calls = new OwnApi(cloud()).get("calls").path("calls");

        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).path("diagnosis").path("cause").asText()).isEqualTo("running");
        assertThat(calls.get(0).path("caller").asText()).endsWith("user/local");
        assertThat(calls.get(0).path("target").asText()).isEqualTo("pump");
        caller.interrupt();
    }
}
