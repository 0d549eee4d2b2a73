package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** What the log says of clients and callers: who came, who was refused by which statement, and who went. */
class AccessLogIT {
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[
             {"Effect":"Allow","Action":"*","Resource":"*"},
             {"Sid":"NoSecrets","Effect":"Deny","Action":["iot:Publish","iot:Subscribe"],
              "Resource":["arn:aws:iot:*:*:topic/secret/*","arn:aws:iot:*:*:topicfilter/secret/*"]},
             {"Effect":"Deny","Action":"iot:Connect","Resource":"arn:aws:iot:*:*:client/stranger"}]}
            """;
    private static final String CALLER_POLICY = """
            {"Version":"2012-10-17","Statement":[
             {"Effect":"Allow","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:*:*:*/Prod/GET/*"},
             {"Sid":"NoFan","Effect":"Deny","Action":"execute-api:Invoke",
              "Resource":"arn:aws:execute-api:*:*:*/invoke/fan/*"}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
    }

    /** Whatever a test did, each line is as the table says. */
    @AfterEach
    void stop() throws Exception {
        cloud.close();
        for (String line : cloud.log()) {
            assertThat(Event.problems(Json.mapper().readTree(line))).as(line).isEmpty();
            assertThat(line).doesNotContain("p4yload");
        }
    }

    private List<JsonNode> lines(String event) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : cloud.log()) {
            JsonNode read = Json.mapper().readTree(line);
            if (read.path("event").asText().equals(event)) {
                lines.add(read);
            }
        }
        return lines;
    }

    private JsonNode awaitLine(String event, String member, String value) {
        return await().until(
                        () -> lines(event).stream()
                                .filter(line -> line.path(member).asText().equals(value))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private Thing thing(String name) throws Exception {
        Thing thing = cloud.thing(name);
        Files.writeString(state.resolve("things").resolve(name).resolve("policy.json"), POLICY);
        return thing;
    }

    private Mqtt5BlockingClient client(String clientId, Thing thing) throws Exception {
        URI endpoint = URI.create("tls://" + cloud.cloud().iotEndpoint());
        return Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost(endpoint.getHost())
                .serverPort(endpoint.getPort())
                .sslConfig(TestTls.of(thing.files(), cloud.cloud().state().authorityFile()))
                .buildBlocking();
    }

    @Test
    void connection_of_a_thing_and_its_end_are_lines_with_the_same_ids() throws Exception {
        Thing pump = thing("pump");
        Mqtt5BlockingClient client = client("pump", pump);

        client.connect();
        client.disconnect();

        JsonNode ended = awaitLine("disconnected", "clientId", "pump");
        JsonNode begun = awaitLine("connected", "clientId", "pump");
        assertThat(begun.path("protocol").asText()).isEqualTo("MQTT 5");
        assertThat(begun.path("principal").asText())
                .isEqualTo(pump.certificateId().toString());
        assertThat(ended.path("reason").asText()).isEqualTo("CLIENT_INITIATED_DISCONNECT");
        assertThat(ended.path("elapsed").isIntegralNumber()).isTrue();
        for (String member : List.of("principal", "thing", "sourceIp", "sourcePort")) {
            assertThat(ended.path(member)).as(member).isEqualTo(begun.path(member));
        }
        assertThat(ended.path("sourceIp").asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void refused_connect_names_the_statement() throws Exception {
        Mqtt5BlockingClient client = client("stranger", thing("pump"));

        assertThat(catchThrowable(client::connect)).isNotNull();

        JsonNode line = awaitLine("connect_refused", "clientId", "stranger");
        assertThat(line.path("answer").asText()).isEqualTo("CONNACK 0x87");
        assertThat(line.path("action").asText()).isEqualTo("iot:Connect");
        assertThat(line.path("resource").asText()).isEqualTo("stranger");
        assertThat(line.path("statement").asText()).isEqualTo("statement 3 denies it");
    }

    @Test
    void refused_message_and_subscription_name_the_statement() throws Exception {
        Mqtt5BlockingClient client = client("pump", thing("pump"));
        client.connect();

        assertThat(catchThrowable(() -> client.publishWith()
                        .topic("secret/a")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload("p4yload".getBytes(UTF_8))
                        .send()))
                .isNotNull();
        assertThat(catchThrowable(() -> client.subscribeWith()
                        .topicFilter("secret/#")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send()))
                .isNotNull();
        client.disconnect();

        JsonNode publish = awaitLine("publish_refused", "resource", "secret/a");
        JsonNode subscribe = awaitLine("subscribe_refused", "resource", "secret/#");
        assertThat(publish.path("action").asText()).isEqualTo("iot:Publish");
        assertThat(publish.path("answer").asText()).isEqualTo("PUBACK 0x87");
        assertThat(subscribe.path("action").asText()).isEqualTo("iot:Subscribe");
        assertThat(subscribe.path("answer").asText()).isEqualTo("SUBACK 0x87");
        assertThat(List.of(publish, subscribe)).allSatisfy(line -> {
            assertThat(line.path("statement").asText()).isEqualTo("statement 2 (NoSecrets) denies it");
            assertThat(line.path("clientId").asText()).isEqualTo("pump");
        });
    }

    @Test
    void flood_of_refusals_is_cut_and_counted() throws Exception {
        Mqtt5BlockingClient client = client("pump", thing("pump"));
        client.connect();

        for (int i = 0; i < 200; i++) {
            assertThat(catchThrowable(() -> client.publishWith()
                            .topic("secret/a")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .send()))
                    .isNotNull();
        }
        client.disconnect();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            long told = lines("left_out").stream()
                    .filter(line -> line.path("of").asText().equals("publish_refused"))
                    .mapToLong(line -> line.path("count").asLong())
                    .sum();
            assertThat(told + lines("publish_refused").size()).isEqualTo(200);
        });
    }

    @ParameterizedTest
    @CsvSource({"fan, statement 2 (NoFan) denies it", "pump,"})
    void refused_call_names_the_statement(String target, String statement) throws Exception {
        StoredUser caller = cloud.cloud().state().caller(new UserName("bob"), CALLER_POLICY);
        RequestSigner signer = new RequestSigner(
                AwsCredentialsIdentity.create(
                        caller.credentials().accessKeyId(), caller.credentials().secretAccessKey()),
                cloud.scope());

        String requestId = cloud.send(signer.sign(UnsignedRequest.get(
                        cloud.cloud().apiEndpoint() + "/" + target + "/greet?request=p4yload&timeout=1")))
                .headers()
                .firstValue("x-amzn-RequestId")
                .orElse("none");

        JsonNode line = awaitLine("request", "requestId", requestId);
        assertThat(line.path("service").asText()).isEqualTo("execute-api");
        assertThat(line.path("caller").asText()).endsWith(":user/bob");
        if (statement == null) {
            assertThat(line.has("statement")).isFalse();
        } else {
            assertThat(line.path("status").asInt()).isEqualTo(403);
            assertThat(line.path("action").asText()).isEqualTo("execute-api:Invoke");
            assertThat(line.path("statement").asText()).isEqualTo(statement);
        }
    }

    @Test
    void refused_requests_on_the_port_for_gateways_are_lines() throws Exception {
        HttpClient http = HttpClient.newBuilder()
                .sslContext(TestTls.trusting(cloud.cloud().state().authorityFile()))
                .build();
        URI connection = URI.create("https://localhost:" + cloud.gatewayPort() + "/connections/nobody");
        Credentials key = cloud.cloud()
                .state()
                .caller(
                        new UserName("erin"),
                        "{\"Version\":\"2012-10-17\",\"Statement\":"
                                + "[{\"Effect\":\"Allow\",\"Action\":\"execute-api:*\",\"Resource\":\"*\"}]}")
                .credentials();

        String unsigned = http.send(HttpRequest.newBuilder(connection).build(), BodyHandlers.ofString())
                .body();
        String unallowed = http.send(
                        new RequestSigner(
                                        AwsCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey()),
                                        new SigningScope("eu-central-1", "iotdata"))
                                .sign(UnsignedRequest.post(connection + "/messages?topic=other", "{}"))
                                .toHttpRequest(),
                        BodyHandlers.ofString())
                .body();
        http.send(HttpRequest.newBuilder(connection.resolve("/mqtt")).build(), BodyHandlers.ofString());

        JsonNode first = awaitLine(
                "request",
                "requestId",
                Json.mapper().readTree(unsigned).path("traceId").asText());
        JsonNode second = awaitLine(
                "request",
                "requestId",
                Json.mapper().readTree(unallowed).path("traceId").asText());
        assertThat(first.path("refusal").asText()).isEqualTo("MissingAuthenticationTokenException");
        assertThat(first.has("caller")).isFalse();
        assertThat(second.path("action").asText()).isEqualTo("iot:SendDirectMessage");
        assertThat(second.path("statement").asText()).isEqualTo("no statement allows it");
        assertThat(second.path("caller").asText()).endsWith(":user/erin");
        assertThat(awaitLine("request", "service", "iotdevicegateway")
                        .path("status")
                        .asInt())
                .isEqualTo(400);
    }
}
