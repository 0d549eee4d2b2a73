package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.RequestSender;
import dev.roundtrip.invoke.Timings;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The events that users try by hand end as their table says. */
class EventsTest {
    private static final Path EVENTS = Path.of("..", "events");

    /** A device that answers everything at once. */
    private static final class WillingDevice implements RequestSender {
        @Override
        public MessageId nextId() {
            return MessageId.random();
        }

        @Override
        public void send(Command command, PendingAcks.Pending pending, Timings timings) {
            pending.handedOver();
            pending.settle(new InvocationResult.Ok(JsonText.string("done")));
        }

        @Override
        public void release(MessageId id) {}
    }

    private static Stream<JsonNode> expectations() throws IOException {
        return StreamSupport.stream(read("expected.json").spliterator(), false);
    }

    private static JsonNode read(String file) throws IOException {
        return Json.mapper().readTree(Files.readString(EVENTS.resolve(file)));
    }

    private static HttpReply call(String event) throws IOException {
        Map<String, String> environment =
                new HashMap<>(Map.of("WSS_ENDPOINT", "broker.example", "AWS_REGION", "eu-central-1"));
        read("env.json")
                .path("InvokeFunction")
                .properties()
                .forEach(setting ->
                        environment.put(setting.getKey(), setting.getValue().textValue()));
        Settings settings = Settings.from(environment);
        Invoker invoker = new Invoker(
                new Invoker.Terms(settings.prefix(), settings.limits(), settings.maxCallsInFlight()),
                new PendingAcks(),
                new WillingDevice(),
                new CallLog(line -> {}),
                Clocks.SYSTEM);
        // As AWS Lambda's own runtime reads it.
        APIGatewayProxyRequestEvent read = LambdaEventSerializers.serializerFor(
                        APIGatewayProxyRequestEvent.class, EventsTest.class.getClassLoader())
                .fromJson(Files.readString(EVENTS.resolve(event)));
        return invoker.handle(ProxyEvents.request(read), Duration.ofSeconds(29));
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void event_ends_as_the_table_says(JsonNode expected) throws IOException {
        HttpReply reply = call(expected.path("event").textValue());

        JsonNode answer = Json.mapper().readTree(reply.body());
        assertThat(reply.status()).isEqualTo(expected.path("status").intValue());
        assertThat(answer.path("result")).isEqualTo(expected.path("result"));
        assertThat(answer.path("problems").findValuesAsText("parameter"))
                .containsExactlyInAnyOrderElementsOf(texts(expected.path("parameters")));
    }

    @Test
    void table_names_every_event_once() throws IOException {
        List<String> named =
                expectations().map(row -> row.path("event").textValue()).toList();

        try (Stream<Path> files = Files.list(EVENTS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".json"))
                            .filter(name -> !name.equals("expected.json") && !name.equals("env.json")))
                    .containsExactlyInAnyOrderElementsOf(named);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}
