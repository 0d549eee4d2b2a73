package dev.roundtrip.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** Asks for operations on the port for gateways of a broker, over HTTPS. */
public final class GatewayClient implements AutoCloseable {
    private static final String AUTHORIZATION = "Authorization";
    private static final JsonMapper JSON = new JsonMapper();

    private final TestBroker broker;
    private final HttpClient http;

    public GatewayClient(TestBroker broker) {
        this.broker = broker;
        try {
            this.http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(TestBroker.AUTHORITY.client())
                    .build();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** An answer.
     *
     * @param error the type of the error; empty when there is none
     */
    public record Answer(int status, String error, JsonNode body) {
        public String text(String name) {
            return body.path(name).asText();
        }

        public Answer ok() {
            assertThat(status).as(body.toString()).isEqualTo(200);
            return this;
        }
    }

    /** Asks.
     *
     * @param body empty for none
     * @param headers name, value, name, value and so on; without Authorization there is one that says nothing
     */
    public Answer ask(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + broker.broker.gatewayPort() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!List.of(headers).contains(AUTHORIZATION)) {
            request.header(AUTHORIZATION, "any");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("x-amzn-ErrorType").orElse(""),
                    JSON.readTree(response.body()));
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
