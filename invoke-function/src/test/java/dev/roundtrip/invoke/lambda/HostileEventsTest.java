package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.RequestSender;
import dev.roundtrip.invoke.TimeLimits;
import dev.roundtrip.invoke.Timings;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in an event, the call is made or refused with what is wrong: no defect, no flood, nothing of it in
 * the log.
 */
class HostileEventsTest {
    private static final String MARKER = "P1ANTED-REQUEST";
    private static final int ROUNDS = 10_000 * Integer.getInteger("fuzz.factor", 1);
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_121L);

    /** The most that API Gateway and AWS Lambda let a function answer; source: AWS Lambda quotas, "Invocation payload".
     */
    private static final int MAX_ANSWER_BYTES = 6 * 1024 * 1024;

    private static final List<String> NAMES = List.of(
            "target",
            "method",
            "request",
            "timeout",
            "Target",
            "X-Amz-Security-Token",
            "x-amz-",
            "",
            MARKER,
            "\u0000",
            "\ud800",
            "request\n");
    private static final List<@Nullable String> VALUES = Arrays.asList(
            null,
            "",
            "pump",
            "5",
            "0",
            "999999999999",
            "+",
            "#",
            "$aws/things",
            "a/b",
            "../..",
            "\u0000",
            "\ud800",
            "\uffff",
            "%2e%2e",
            MARKER,
            "x".repeat(300),
            "null",
            "{}",
            "1e9");
    private static final List<String> BODIES = List.of(
            "",
            "null",
            "[]",
            "{",
            "{}",
            "\"\ud800\"",
            "{\"target\":\"pump\",\"method\":\"m\",\"request\":\"" + MARKER + "\"}",
            "{\"request\":\"" + MARKER + "\"}",
            "{\"target\":{},\"method\":[],\"request\":1e999999999,\"timeout\":1e999999999}",
            "{\"target\":\"pump\",\"method\":\"m\",\"request\":\"\\ud800\"}",
            "{\"" + MARKER + "\":1}",
            "{\"target\":\"pump\",\"method\":\"m\",\"request\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}",
            "{\"target\":\"pump\",\"method\":\"m\",\"request\":" + "9".repeat(2_000) + "}",
            "\ufeff{}",
            "{}{}",
            "{'a':1}");

    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Invoker invoker = new Invoker(
            new Invoker.Terms(
                    new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)), 100),
            new PendingAcks(),
            new Willing(),
            new CallLog(log::add),
            Clocks.SYSTEM);

    private static final class Willing implements RequestSender {
        @Override
        public MessageId nextId() {
            return MessageId.random();
        }

        @Override
        public void send(Command command, PendingAcks.Pending pending, Timings timings) {
            pending.settle(new InvocationResult.Ok(JsonText.string("done")));
        }

        @Override
        public void release(MessageId id) {}
    }

    private HttpReply call(APIGatewayProxyRequestEvent event) throws Exception {
        HttpReply reply = invoker.handle(ProxyEvents.request(event), Duration.ofSeconds(29));
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        assertThat(reply.status()).isIn(200, 400, 413);
        assertThat(body.length).isLessThan(MAX_ANSWER_BYTES);
        assertThat(Json.read(body).path("result").asText()).isNotEmpty();
        return reply;
    }

    @Test
    void random_events_are_calls_or_are_refused() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            call(event(random));
        }
        // Target and method are logged, once they are valid; the marker is a valid name, so it is looked for elsewhere.
        assertThat(log).hasSize(ROUNDS).noneMatch(line -> line.contains("defect"));
    }

    @Test
    void what_a_caller_sends_is_not_logged_whether_the_call_is_good_or_not() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            APIGatewayProxyRequestEvent event = event(random);
            event.setHeaders(Map.of("Authorization", MARKER, "X-Amz-Security-Token", MARKER));
            if (MarkedNames.isIn(event)) {
                continue;
            }
            call(event);
        }
        assertThat(log).isNotEmpty().noneMatch(line -> line.contains(MARKER));
    }

    /** Tells whether the marker is where a valid name would be logged. */
    private static final class MarkedNames {
        static boolean isIn(APIGatewayProxyRequestEvent event) {
            return String.valueOf(event.getPathParameters()).contains(MARKER)
                    || String.valueOf(event.getQueryStringParameters()).matches(".*(target|method)=" + MARKER + ".*")
                    || String.valueOf(event.getBody()).contains("\"method\":\"" + MARKER)
                    || String.valueOf(event.getMultiValueQueryStringParameters())
                            .matches("(?s).*(target|method)=\\[" + MARKER + ".*");
        }
    }

    private static APIGatewayProxyRequestEvent event(Random random) {
        APIGatewayProxyRequestEvent event = new APIGatewayProxyRequestEvent();
        event.setHttpMethod(any(random, Arrays.asList("GET", "GET", "POST", "POST", "get", "", null)));
        event.setPath(any(random, Arrays.asList("/invoke", "/invoke/pump/m", "/invoke/a%2Fb/m", "/", "", null)));
        event.setQueryStringParameters(single(random));
        event.setMultiValueQueryStringParameters(multiple(random));
        event.setPathParameters(random.nextInt(3) == 0 ? named(random) : null);
        String body = any(random, BODIES);
        event.setIsBase64Encoded(any(random, Arrays.asList(null, false, true)));
        event.setBody(
                random.nextInt(4) == 0
                        ? null
                        : Boolean.TRUE.equals(event.getIsBase64Encoded()) && random.nextBoolean()
                                ? Base64.getEncoder().encodeToString(mutate(body, random))
                                : new String(mutate(body, random), StandardCharsets.UTF_8));
        return event;
    }

    private static @Nullable Map<String, String> single(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        Map<String, String> map = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            map.putAll(Map.of("target", "pump", "method", "m", "request", MARKER));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            map.put(any(random, NAMES), any(random, VALUES));
        }
        return map;
    }

    private static @Nullable Map<String, List<String>> multiple(Random random) {
        if (random.nextBoolean()) {
            return null;
        }
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            map.put(
                    any(random, NAMES),
                    any(
                            random,
                            Arrays.asList(null, List.of(), List.of("pump"), List.of("a", "b"), Arrays.asList((String)
                                    null))));
        }
        return map;
    }

    private static Map<String, String> named(Random random) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("target", any(random, Arrays.asList("pump", "a%2Fb", "", ".", null)));
        if (random.nextInt(5) > 0) {
            map.put("method", any(random, Arrays.asList("m", "..", "m/", null)));
        }
        return map;
    }

    @SuppressWarnings("NullAway") // Events from outside may hold null anywhere.
    private static <T> T any(Random random, List<? extends @Nullable T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] mutate(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean() && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void body_with_very_many_wrong_names_gets_a_short_answer() throws Exception {
        String names =
                IntStream.range(0, 400_000).mapToObj(i -> "\"n" + i + "\":1").collect(Collectors.joining(","));

        HttpReply reply =
                call(new APIGatewayProxyRequestEvent().withHttpMethod("POST").withBody("{" + names + "}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).hasSizeLessThan(10_000).contains("n0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 5_000_000})
    void very_long_names_get_a_short_answer(int length) throws Exception {
        String name = "n".repeat(length);

        HttpReply body = call(new APIGatewayProxyRequestEvent()
                .withHttpMethod("POST")
                .withBody("{\"" + name + "\":1,\"target\":\"" + name + "\"}"));
        HttpReply query = call(new APIGatewayProxyRequestEvent()
                .withHttpMethod("GET")
                .withQueryStringParameters(Map.of(name, "", "target", name)));

        assertThat(body.body()).hasSizeLessThan(10_000);
        assertThat(query.body()).hasSizeLessThan(10_000);
    }
}
