package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.roundtrip.invoke.HttpRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events are read and answers are written as AWS Lambda's own runtime does it. */
class ProxyJsonTest {
    private static <T> PojoSerializer<T> runtime(Class<T> type) {
        return LambdaEventSerializers.serializerFor(type, ProxyJsonTest.class.getClassLoader());
    }

    private static HttpRequest read(String json) throws IOException {
        return ProxyEvents.request(ProxyJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))));
    }

    private static Stream<String> events() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "events"))) {
            return files
                    .filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.endsWith("env.json") && !file.endsWith("expected.json"))
                    .map(ProxyJsonTest::content)
                    .toList()
                    .stream();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    @ValueSource(
            strings = {
                "{}",
                "{\"httpMethod\":null,\"path\":null,\"pathParameters\":null,\"body\":null,\"isBase64Encoded\":null}",
                "{\"queryStringParameters\":{},\"multiValueQueryStringParameters\":{},\"pathParameters\":{}}",
                "{\"queryStringParameters\":{\"a\":null},\"multiValueQueryStringParameters\":{\"b\":null,"
                        + "\"c\":[null]}}",
                "{\"requestContext\":{\"deep\":[{\"er\":[1e99]}]},\"headers\":{\"a\":\"b\"},\"httpMethod\":\"PUT\"}",
                "{\"body\":\"\\ud83d\\ude80 \\u0000 \\\"\",\"isBase64Encoded\":true}"
            })
    void event_means_what_it_means_to_the_runtime(String json) throws IOException {
        HttpRequest request = read(json);

        assertThat(request)
                .isEqualTo(ProxyEvents.request(
                        runtime(APIGatewayProxyRequestEvent.class).fromJson(json)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"path\":\"/invoke\"",
                "{\"path\":{}}",
                "{\"pathParameters\":[]}",
                "{\"queryStringParameters\":{\"a\":{}}}",
                "{\"queryStringParameters\":{\"a\":\"b\"",
                "{\"multiValueQueryStringParameters\":{\"a\":\"b\"}}",
                "{\"multiValueQueryStringParameters\":{\"a\":[\"b\"",
                "{\"isBase64Encoded\":\"true\"}"
            })
    void what_api_gateway_never_sends_is_refused(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(IOException.class);
    }

    @Test
    void answer_means_to_the_runtime_what_was_written() throws IOException {
        APIGatewayProxyResponseEvent response = new APIGatewayProxyResponseEvent()
                .withStatusCode(504)
                .withHeaders(Map.of("Content-Type", "application/json"))
                .withBody("{\"result\":\"timeout\",\"emoji\":\"\ud83d\ude80\"}")
                .withIsBase64Encoded(false);
        ByteArrayOutputStream written = new ByteArrayOutputStream();

        ProxyJson.write(response, written);

        assertThat(runtime(APIGatewayProxyResponseEvent.class).fromJson(written.toString(StandardCharsets.UTF_8)))
                .isEqualTo(response);
    }
}
