package dev.roundtrip.local.iot.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.data.DataPlane;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Shadows in memory beside a broker, over MQTT and HTTP, with a clock that a test moves. */
public final class TestShadows implements AutoCloseable {
    static final String SHADOW = "/things/pump/shadow";
    private static final JsonMapper JSON = new JsonMapper();

    final TestBroker broker;
    final List<RequestAuthentication.Access> asked = new CopyOnWriteArrayList<>();
    volatile String denied = "";
    volatile Instant now = Instant.ofEpochSecond(1_000_000);
    private final HttpClient http;

    TestShadows(TableStore tables, ShadowLimits limits) {
        broker = new TestGateway(
                        made -> {
                            Shadows shadows = new Shadows(tables, made.servicePublisher(), () -> now, limits);
                            made.serve(new ShadowTopics(shadows));
                            return DataPlane.of(made, BrokerLimits.local(), shadows);
                        },
                        this::authenticate,
                        UnaryOperator.identity())
                .broker;
        try {
            http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(TestBroker.AUTHORITY.client())
                    .build();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Shadows beside a broker, which does not yet hand requests to them. */
    public static Shadows on(Broker broker) {
        return new Shadows(
                new InMemoryTables(), broker.servicePublisher(), InstantSource.system(), new ShadowLimits(0, 10));
    }

    private RequestAuthentication.Outcome authenticate(SignedRequest request, InetAddress source) {
        return new RequestAuthentication.Known(access -> {
            asked.add(access);
            return !access.resource().equals(denied);
        });
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(path, HttpRequest.newBuilder());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(path, HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> delete(String path) throws Exception {
        return send(path, HttpRequest.newBuilder().DELETE());
    }

    HttpResponse<String> send(String path, HttpRequest.Builder request) throws Exception {
        return http.send(
                request.uri(URI.create("https://localhost:" + broker.broker.gatewayPort() + path))
                        .header("Authorization", "any")
                        .build(),
                BodyHandlers.ofString());
    }

    /** JSON in which ' stands for ". */
    static String quoted(String json) {
        return json.replace('\'', '"');
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(quoted(text));
    }

    static void expect(RawClient subscriber, String topic, String payload) throws IOException {
        RawClient.Publish message = subscriber.nextPublish();
        assertThat(message.topic()).isEqualTo(topic);
        assertThat(JSON.readTree(message.payload())).as(topic).isEqualTo(json(payload));
    }

    static void expect(HttpResponse<String> response, int status, String body) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(JSON.readTree(response.body())).isEqualTo(json(body));
    }

    static void expectError(HttpResponse<String> response, int status, String type, String message) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue(type);
        assertThat(JSON.readTree(response.body()).path("message").textValue()).isEqualTo(message);
    }

    @Override
    public void close() throws IOException {
        http.close();
        broker.close();
    }
}
