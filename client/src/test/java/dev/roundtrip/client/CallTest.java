package dev.roundtrip.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.roundtrip.client.Outcome.DidNotRun;
import dev.roundtrip.client.Outcome.MayHaveRun;
import dev.roundtrip.client.Outcome.Ok;
import dev.roundtrip.client.ScriptedGateway.Received;
import dev.roundtrip.protocol.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/** What a call sends, what it binds, and what it refuses to send. */
class CallTest extends ScriptedCalls {
    private Call call() {
        return roundtrip.call("pump:1").method("valve.open");
    }

    record Start(int rpm, String mode) {}

    record Reading(@JsonProperty("bar") double pressure) {}

    @Test
    void device_and_method_stand_in_the_path_and_the_rest_in_the_body() throws Exception {
        gateway.ok("1");

        call().json(new Start(900, "soft"));

        Received request = gateway.only();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/Prod/invoke/pump:1/valve.open");
        assertThat(request.header("Content-type")).isEqualTo("application/json");
        assertThat(request.header("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                .contains("/eu-central-1/execute-api/aws4_request");
        assertThat(request.body().toString()).isEqualTo("{\"request\":{\"rpm\":900,\"mode\":\"soft\"},\"timeout\":28}");
    }

    @Test
    void every_parameter_is_sent_under_its_name_in_the_contract() throws Exception {
        gateway.ok("1");

        call().key("order-7", Duration.ofMinutes(2))
                .replayOnly()
                .sequence(7, 5)
                .epoch("k3")
                .checkingPresence()
                .waitingFor(Duration.ofSeconds(3))
                .within(Duration.ofSeconds(12))
                .json(null);

        assertThat(gateway.only().body().toString())
                .isEqualTo("{\"key\":\"order-7\",\"keep\":120,\"replay\":\"only\",\"sequence\":7,\"after\":5,"
                        + "\"epoch\":\"k3\",\"presence\":\"check\",\"wait\":3,\"request\":null,\"timeout\":11}");
    }

    @Test
    void call_that_is_only_handed_over_waits_for_nothing() throws Exception {
        gateway.answering(202, "{\"result\":\"accepted\",\"id\":\"" + ScriptedGateway.ID + "\"}");

        Outcome outcome = call().handingOver().json(1);

        assertThat(outcome).isInstanceOf(Outcome.GoesOn.class);
        assertThat(gateway.only().body().path("timeout").intValue()).isZero();
    }

    @Test
    void request_is_sent_as_it_is_written() throws Exception {
        gateway.ok("1");

        call().text(" { \"a\": 1e2,\"b\":-0.0, \"c\":\"\\u00e9\" } ");
        call().json(Json.mapper().readTree("{\"a\":1.50}"));
        call().json(NullNode.getInstance());

        assertThat(gateway.received().getFirst().text())
                .startsWith("{\"request\":{ \"a\": 1e2,\"b\":-0.0, \"c\":\"\\u00e9\" },");
        assertThat(gateway.received().get(1).body().path("request").toString()).isEqualTo("{\"a\":1.50}");
        assertThat(gateway.received().get(2).body().path("request").isNull()).isTrue();
    }

    @Test
    void call_can_be_made_again_and_changed_without_changing_the_first() throws Exception {
        gateway.ok("1");
        Call plain = call();

        plain.key("order-7").json(1);
        plain.json(2);

        assertThat(gateway.received())
                .extracting(request -> request.body().has("key"))
                .containsExactly(true, false);
    }

    @Test
    void response_is_bound_to_a_record_a_tree_or_a_generic_type() throws Exception {
        gateway.ok("{\"bar\":2.5}");

        Ok ok = (Ok) call().json(1);

        assertThat(ok.response(Reading.class)).isEqualTo(new Reading(2.5));
        assertThat(ok.response().as(new TypeReference<Map<String, Double>>() {}))
                .containsEntry("bar", 2.5);
        assertThat(ok.response().tree().path("bar").doubleValue()).isEqualTo(2.5);
        assertThat(ok.response().text()).isEqualTo("{\"bar\":2.5}");
    }

    @Test
    void mapper_is_the_user_s_own() throws Exception {
        record Wide(int maxPressure) {}
        gateway.ok("{\"max_pressure\":4}");
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        try (Roundtrip client = Roundtrip.at(gateway.settings().withMapper(mapper))) {

            Ok ok = (Ok) client.call("pump-1").method("limit").json(new Wide(3));

            assertThat(gateway.only().body().path("request").toString()).isEqualTo("{\"max_pressure\":3}");
            assertThat(ok.response(Wide.class)).isEqualTo(new Wide(4));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"planted-response\"", "{\"bar\":\"planted-response\"}", "{\"planted-response\":1}", "null"})
    void response_of_another_type_is_told_without_its_text(String response) throws Exception {
        gateway.ok(response);

        Ok ok = (Ok) call().json(1);

        assertThatThrownBy(() -> ok.response(Reading.class))
                .isInstanceOf(UnexpectedResponseException.class)
                .hasNoCause()
                .hasMessageContaining("Reading")
                .hasMessageNotContaining("planted");
    }

    @Test
    void request_that_is_no_json_is_told_without_its_text() {
        Object unwritable = new Object() {
            @JsonProperty
            String value() {
                throw new IllegalStateException("planted-request");
            }
        };

        assertThatThrownBy(() -> call().json(unwritable))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageNotContaining("planted");
        assertThatThrownBy(() -> call().text("{\"planted-request\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageNotContaining("planted");
        assertThatThrownBy(() -> call().text("\"planted-\ud800\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("planted");
        assertThat(gateway.received()).isEmpty();
    }

    @Test
    void request_that_no_message_can_hold_is_not_sent() throws Exception {
        Outcome outcome = call().json("x".repeat(Json.MAX_PAYLOAD_BYTES));

        assertThat(outcome).isInstanceOfSatisfying(DidNotRun.class, not -> {
            assertThat(not.reason()).isEqualTo(DidNotRun.Reason.TOO_LARGE);
            assertThat(not.facts().tries()).isZero();
        });
        assertThat(gateway.received()).isEmpty();
    }

    @Test
    void names_and_parameters_that_break_their_rule_are_refused() {
        assertThatThrownBy(() -> roundtrip.call("a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> roundtrip.call("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> roundtrip.call("a").method("b c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> roundtrip.call("a").method("..")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().key("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().key("ä")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().key("k".repeat(256))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().key("k", Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().replayOnly()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> call().sequence(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().sequence(1L << 53)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().sequence(3, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().epoch("e")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> call().sequence(1).epoch("e e")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().within(Duration.ofSeconds(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().within(Duration.ofDays(2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call().waitingFor(Duration.ofSeconds(29)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void credentials_are_asked_for_before_each_try() throws Exception {
        gateway.result(503, "offline", "Retry-After: 1").ok("1");
        List<String> tokens = new CopyOnWriteArrayList<>(List.of("token-1", "token-2"));
        try (Roundtrip client = Roundtrip.at(
                gateway.settings()
                        .withCredentials(provider(() -> CompletableFuture.completedFuture(
                                AwsSessionCredentialsIdentity.create("AKID", "secret", tokens.removeFirst())))),
                new ScriptedGateway.TestTime(),
                new Pauses(() -> 0))) {

            client.call("pump-1").method("start").json(1);
        }

        assertThat(gateway.received())
                .extracting(request -> request.header("X-amz-security-token"))
                .containsExactly("token-1", "token-2");
    }

    @Test
    void call_without_credentials_does_not_run() throws Exception {
        List<IdentityProvider<AwsCredentialsIdentity>> providers = List.of(
                new EnvironmentCredentials(Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", " ")),
                provider(() -> CompletableFuture.failedFuture(new IllegalStateException("planted-reason"))),
                provider(() -> {
                    throw new IllegalStateException("planted-reason");
                }));
        for (var credentials : providers) {
            try (Roundtrip client = Roundtrip.at(gateway.settings().withCredentials(credentials))) {

                Outcome outcome = client.call("pump-1").method("start").json(1);

                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                DidNotRun.class,
                                not -> assertThat(not.reason()).isEqualTo(DidNotRun.Reason.NO_CREDENTIALS));
                assertThat(outcome.toString()).doesNotContain("planted");
            }
        }
        assertThat(gateway.received()).isEmpty();
    }

    @Test
    void credentials_that_come_after_the_deadline_send_nothing() throws Exception {
        ScriptedGateway.TestTime time = new ScriptedGateway.TestTime();
        IdentityProvider<AwsCredentialsIdentity> slow = provider(() -> {
            time.pause(Call.USUAL);
            return CompletableFuture.completedFuture(ScriptedGateway.CREDENTIALS);
        });
        try (Roundtrip client = Roundtrip.at(gateway.settings().withCredentials(slow), time, new Pauses(() -> 0))) {

            Outcome outcome = client.call("pump-1").method("start").json(1);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            DidNotRun.class,
                            not -> assertThat(not.reason()).isEqualTo(DidNotRun.Reason.NO_CREDENTIALS));
        }
        assertThat(gateway.received()).isEmpty();
    }

    private interface Resolving {
        CompletableFuture<AwsCredentialsIdentity> resolve();
    }

    private static IdentityProvider<AwsCredentialsIdentity> provider(Resolving resolving) {
        return new IdentityProvider<>() {
            @Override
            public Class<AwsCredentialsIdentity> identityType() {
                return AwsCredentialsIdentity.class;
            }

            @Override
            public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
                return resolving.resolve();
            }
        };
    }

    @Test
    void nothing_that_may_be_logged_has_a_secret_or_a_payload() throws Exception {
        gateway.answering(
                504, "{\"result\":\"timeout\",\"error\":{\"code\":\"planted\",\"message\":\"planted-message\"}}");
        Call call = call().key("planted-key");

        Outcome outcome = call.within(Duration.ofSeconds(2)).json("planted-request");

        assertThat(outcome).isInstanceOf(MayHaveRun.class);
        assertThat(List.of(
                        outcome.toString(),
                        ((MayHaveRun) outcome).facts().toString(),
                        call.toString(),
                        gateway.settings().toString()))
                .allSatisfy(text -> assertThat(text).doesNotContain("planted"));
    }
}
