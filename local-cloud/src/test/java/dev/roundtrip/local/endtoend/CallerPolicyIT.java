package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.lambda.Settings;
import dev.roundtrip.invoke.mqtt.CrtConnector;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.invoke.mqtt.MqttChannel;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Device;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** What the policies in {@code docs/security.md} let callers do. */
class CallerPolicyIT {
    private static final String DENIED = "AccessDeniedException";

    private static final Path DOCUMENT = Path.of("..", "docs", "security.md");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path elsewhere;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private static Device pump;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        pump = cloud.device("pump-1", TestCloud.VERSATILE);
        cloud.device("pump-10");
        cloud.device("fan-1", TestCloud.VERSATILE);
        cloud.device("acme:door");
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    /** The policy of that name, as it stands in the document. */
    private static String policy(String name) throws Exception {
        Matcher found =
                Pattern.compile("(?ms)^`" + name + "`: .*?^```json\\n(.*?)^```").matcher(Files.readString(DOCUMENT));
        assertThat(found.find()).as("the document has the policy " + name).isTrue();
        return found.group(1);
    }

    private static StoredUser caller(String name, String policy) throws Exception {
        return cloud.cloud().state().caller(new UserName(name), policy);
    }

    private static RequestSigner signer(StoredUser caller) {
        return new RequestSigner(
                AwsCredentialsIdentity.create(
                        caller.credentials().accessKeyId(), caller.credentials().secretAccessKey()),
                cloud.scope());
    }

    /** @param pathAndQuery what follows {@code /Prod/invoke} */
    private static HttpResponse<String> get(StoredUser caller, String pathAndQuery) throws Exception {
        return cloud.send(signer(caller).sign(UnsignedRequest.get(cloud.cloud().apiEndpoint() + pathAndQuery)));
    }

    private static HttpResponse<String> post(StoredUser caller, String path, String body) throws Exception {
        return cloud.send(signer(caller).sign(UnsignedRequest.post(cloud.cloud().apiEndpoint() + path, body)));
    }

    private static void assertDenied(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains(DENIED);
        assertThat(json(answer).path("Message").asText()).contains("is not authorized to perform: execute-api:Invoke");
    }

    @ParameterizedTest
    @CsvSource({
        "one-device,    alice, /pump-1/echo,     yes",
        "one-device,    alice, /pump-1/reset,    yes",
        "one-device,    alice, /pump-10/echo,    no",
        "one-device,    alice, /fan-1/echo,      no",
        "one-method,    bob,   /pump-1/echo,     yes",
        "one-method,    bob,   /pump-10/echo,    yes",
        "one-method,    bob,   /pump-1/reset,    no",
        "one-method,    bob,   /fan-1/echo,      no",
        "own-devices,   acme,  /acme:door/echo,  yes",
        "own-devices,   acme,  /pump-1/echo,     no",
        "own-devices,   acm,   /acme:door/echo,  no",
        "all-but-reset, carol, /fan-1/echo,      yes",
        "all-but-reset, carol, /fan-1/reset,     no",
        "operator,      dora,  /fan-1/reset,     yes",
    })
    void policies_of_the_document_allow_what_they_say_and_no_more(
            String policy, String name, String path, String allowed) throws Exception {
        StoredUser caller = caller(name, policy(policy));

        HttpResponse<String> get = get(caller, path + "?request=hi");
        HttpResponse<String> post = post(caller, path, "{\"request\":\"hi\"}");

        if (allowed.equals("yes")) {
            assertThat(result(get)).isEqualTo("ok");
            assertThat(result(post)).isEqualTo("ok");
        } else {
            assertDenied(get);
            assertDenied(post);
        }
    }

    @Test
    void refusal_is_worded_like_that_of_api_gateway() throws Exception {
        StoredUser alice = caller("alice", policy("one-device"));
        StoredUser carol = caller("carol", policy("all-but-reset"));
        String arn = "arn:aws:execute-api:eu-central-1:********0000:local00001/Prod/GET/invoke/fan-1/reset";

        assertThat(get(alice, "/fan-1/reset?request=x").body())
                .isEqualTo("{\"Message\":\"User: arn:aws:iam::000000000000:user/alice is not authorized to perform:"
                        + " execute-api:Invoke on resource: " + arn
                        + " because no identity-based policy allows the execute-api:Invoke action\"}");
        assertThat(get(carol, "/fan-1/reset?request=x").body())
                .isEqualTo("{\"Message\":\"User: arn:aws:iam::000000000000:user/carol is not authorized to perform:"
                        + " execute-api:Invoke on resource: " + arn + " with an explicit deny\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-device", "one-method", "own-devices", "all-but-reset"})
    void caller_limited_to_paths_cannot_use_the_query_form(String policy) throws Exception {
        StoredUser caller = caller("acme", policy(policy));

        assertDenied(get(caller, "?target=pump-1&method=echo&request=hi"));
        assertDenied(get(caller, "/?target=pump-1&method=echo&request=hi"));
        assertDenied(post(caller, "", "{\"target\":\"pump-1\",\"method\":\"echo\",\"request\":1}"));
    }

    @Test
    void operator_may_use_both_forms() throws Exception {
        StoredUser dora = caller("dora", policy("operator"));

        assertThat(result(get(dora, "?target=pump-1&method=echo&request=hi"))).isEqualTo("ok");
        assertThat(result(get(dora, "/pump-1/echo?request=hi"))).isEqualTo("ok");
        assertThat(result(cloud.get("target=pump-1&method=echo&request=hi"))).isEqualTo("ok");
    }

    @Test
    void path_that_is_allowed_does_not_carry_another_target() throws Exception {
        StoredUser alice = caller("alice", policy("one-device"));
        long before = pump.counters().received();

        HttpResponse<String> get = get(alice, "/pump-1/echo?request=hi&target=fan-1");
        HttpResponse<String> post = post(alice, "/pump-1/echo", "{\"request\":1,\"target\":\"fan-1\"}");

        for (HttpResponse<String> answer : List.of(get, post)) {
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json(answer).at("/problems/0/parameter").asText()).isEqualTo("target");
        }
        assertThat(pump.counters().received()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fan-1/rese%74",
                "/fan-1/%72eset",
                "/fan-1/reset/",
                "/fan-1//reset",
                "/fan-1/./reset",
                "/fan-1/x/../reset",
                "/fan-1/reset%2F",
                "/fan-1%2Freset/echo",
                "/fan-1/echo%2F..%2Freset",
                "/fan%2D1/reset"
            })
    void spelling_a_denied_name_otherwise_does_not_help(String path) throws Exception {
        StoredUser carol = caller("carol", policy("all-but-reset"));
        String raw = cloud.cloud().apiEndpoint() + path + "?request=x";

        HttpResponse<String> answer = cloud.send(signer(carol).sign(UnsignedRequest.get(raw)));

        assertThat(answer.statusCode()).isIn(400, 403);
    }

    @Test
    void policy_that_was_edited_counts_from_the_next_call_on() throws Exception {
        StoredUser eve = caller("eve", policy("one-device"));
        assertThat(result(get(eve, "/pump-1/echo?request=hi"))).isEqualTo("ok");

        cloud.edit(eve.files().policy(), policy -> policy.replace("pump-1", "fan-1"));
        assertDenied(get(eve, "/pump-1/echo?request=hi"));
        assertThat(result(get(eve, "/fan-1/echo?request=hi"))).isEqualTo("ok");

        cloud.edit(eve.files().policy(), policy -> "{");
        assertDenied(get(eve, "/fan-1/echo?request=hi"));
    }

    @Test
    void key_of_a_caller_who_is_gone_is_worth_nothing() throws Exception {
        StoredUser frank = caller("frank", policy("operator"));
        assertThat(result(get(frank, "/pump-1/echo?request=hi"))).isEqualTo("ok");

        Files.delete(frank.files().credentials());
        cloud.cloud().readStateAgain();
        Files.delete(frank.files().environment());
        Files.delete(frank.files().policy());
        Files.delete(frank.files().directory());

        HttpResponse<String> answer = get(frank, "/pump-1/echo?request=hi");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains("UnrecognizedClientException");
    }

    @Test
    void key_of_a_caller_does_not_open_the_broker() throws Exception {
        StoredUser dora = caller("dora", policy("operator"));

        Path authority = cloud.cloud().state().authorityFile();
        Duration patience = Duration.ofSeconds(10);

        connect(cloud.cloud().state().credentials(), authority, patience).close();

        assertThatThrownBy(() -> connect(dora.credentials(), authority, patience))
                .isInstanceOf(MqttException.class);
    }

    private static MqttChannel connect(Credentials credentials, Path authority, Duration patience) throws Exception {
        Settings settings = Settings.from(Map.of(
                "WSS_ENDPOINT",
                "127.0.0.1:" + Objects.requireNonNull(cloud.cloud().broker()).gatewayPort(),
                "CLIENT_ID_PREFIX",
                "roundtrip",
                "AWS_REGION",
                cloud.cloud().state().account().region(),
                "BROKER_CA_FILE",
                authority.toString()));
        GatewayCredentials key =
                new GatewayCredentials.Fixed(credentials.accessKeyId(), credentials.secretAccessKey(), null);
        MqttChannel.Listener nobody = new MqttChannel.Listener() {
            @Override
            public boolean received(String topic, byte[] payload) {
                return false;
            }

            @Override
            public void lost(String reason) {}
        };
        return new CrtConnector(settings.broker(), settings.prefix(), key, Clocks.SYSTEM)
                .open(nobody, Deadline.after(patience, System::nanoTime));
    }

    @Test
    void authority_that_cannot_be_read_is_named() throws Exception {
        Path nonsense = Files.writeString(
                elsewhere.resolve("nonsense.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertThatThrownBy(() -> connect(cloud.cloud().state().credentials(), nonsense, Duration.ofSeconds(10)))
                .isInstanceOf(MqttException.class)
                .hasMessageContaining(nonsense.toString());
    }

    @Test
    void broker_of_another_authority_is_not_spoken_to() throws Exception {
        Path foreign = StateDirectory.open(elsewhere.resolve("foreign")).authorityFile();
        Credentials credentials = cloud.cloud().state().credentials();

        connect(credentials, cloud.cloud().state().authorityFile(), Duration.ofSeconds(10))
                .close();

        assertThatThrownBy(() -> connect(credentials, foreign, Duration.ofSeconds(3)))
                .isInstanceOf(MqttException.class);
    }

    @Test
    void document_names_tests_that_exist() throws Exception {
        Matcher named = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`").matcher(Files.readString(DOCUMENT));
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            List<Path> sources = files.filter(file -> file.toString().contains("src/test/java"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
            while (named.find()) {
                String test = named.group(1);
                String method = named.group(2) == null ? "class " + test : named.group(2) + "(";
                assertThat(sources)
                        .as(named.group())
                        .filteredOn(file -> file.getFileName().toString().equals(test + ".java"))
                        .anySatisfy(file -> assertThat(file).content().contains(method));
            }
        }
    }

    @Test
    void damaged_caller_stands_in_nobody_elses_way() throws Exception {
        StoredUser grace = caller("grace", policy("operator"));
        StoredUser heidi = caller("heidi", policy("operator"));

        cloud.edit(grace.files().credentials(), key -> "[default]\n");

        assertThat(result(get(heidi, "/pump-1/echo?request=hi"))).isEqualTo("ok");
        assertThat(get(grace, "/pump-1/echo?request=hi").statusCode()).isEqualTo(403);

        assertThat(result(get(caller("grace", policy("operator")), "/pump-1/echo?request=hi")))
                .isEqualTo("ok");
    }
}
