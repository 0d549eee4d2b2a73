package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a device or a broker answers, a call ends as the contract says, and nothing of the answer is logged. */
class HostileAnswersTest {
    private static final String MARKER = "P1ANTED-ANSWER";
    private static final ClientPrefix PREFIX = new ClientPrefix("gw");
    private static final TimeLimits LIMITS = new TimeLimits(Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final int ROUNDS = 4_000 * Integer.getInteger("fuzz.factor", 1);
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_121L);

    private final PendingAcks pendingAcks = new PendingAcks();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    /** Hands over an answer as the MQTT client does, and settles a call that nobody has answered then. */
    private final class Device implements RequestSender {
        private final Function<Route, Map<String, byte[]>> answers;

        Device(Function<Route, Map<String, byte[]>> answers) {
            this.answers = answers;
        }

        @Override
        public MessageId nextId() {
            return MessageId.random();
        }

        @Override
        public void send(Command command, PendingAcks.Pending pending, Timings timings) {
            Route route = pendingAcks.waiting().iterator().next();
            answers.apply(route).forEach(pendingAcks::deliver);
            pending.settle(new InvocationResult.TimedOut());
        }

        @Override
        public void release(MessageId id) {}
    }

    private HttpReply call(Function<Route, Map<String, byte[]>> answers) {
        Invoker invoker = new Invoker(
                new Invoker.Terms(PREFIX, LIMITS, 100),
                pendingAcks,
                new Device(answers),
                new CallLog(log::add),
                Clocks.SYSTEM);
        Map<String, List<String>> query =
                Map.of("target", List.of("pump"), "method", List.of("m"), "request", List.of("x"));
        HttpReply reply = invoker.handle(
                new HttpRequest("GET", new HttpRequest.Path.Plain(), query, new HttpRequest.Body.Text("")),
                Duration.ofSeconds(5));
        assertThat(pendingAcks.waiting()).isEmpty();
        return reply;
    }

    private void assertEndsWell(HttpReply reply) throws Exception {
        assertThat(reply.status()).isIn(200, 502, 504);
        assertThat(Json.read(reply.body().getBytes(StandardCharsets.UTF_8))
                        .path("result")
                        .asText())
                .isIn("ok", "device_error", "timeout");
        assertThat(log).noneMatch(line -> line.contains(MARKER));
        log.clear();
    }

    private static byte[] good(Route route) {
        return new AnswerMessage.Answered(route.id().toString(), JsonText.string(MARKER)).encode();
    }

    private static byte[] failed(Route route) {
        return ("{\"id\":\"" + route.id() + "\",\"error\":{\"code\":\"" + MARKER
                        + "\",\"message\":[1e999]},\"more\":{}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void mutated_answers_end_a_call_as_the_contract_says() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            boolean failure = random.nextBoolean();
            HttpReply reply = call(route ->
                    Map.of(route.answerTopic().toString(), mutate(failure ? failed(route) : good(route), random)));

            assertEndsWell(reply);
        }
    }

    @Test
    void mutated_topics_end_no_call_but_their_own() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            HttpReply reply = call(route -> {
                String topic = route.answerTopic().toString();
                String mutated =
                        new String(mutate(topic.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.UTF_8);
                return mutated.equals(topic) ? Map.of() : Map.of(mutated, good(route));
            });

            assertThat(reply.status()).isEqualTo(504);
            assertEndsWell(reply);
        }
    }

    @Property(tries = 500, seed = "20261121")
    void any_payload_ends_the_call_or_is_dropped(@ForAll("payloads") byte[] payload) throws Exception {
        assertEndsWell(call(route -> Map.of(route.answerTopic().toString(), payload)));
    }

    @Property(tries = 500, seed = "20261121")
    void any_topic_is_dropped(@ForAll String topic) throws Exception {
        assertThat(call(route -> Map.of(topic, good(route))).status()).isEqualTo(504);
    }

    @Provide
    Arbitrary<byte[]> payloads() {
        Arbitrary<String> json = Arbitraries.of(
                "null",
                "[]",
                "{}",
                "{\"id\":1}",
                "{\"id\":\"x\",\"response\":1}",
                "{\"response\":",
                "1e999999999",
                "\u0000",
                "{\"id\":{\"id\":{}}}");
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300),
                json.map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "-1E-999999999",
                "1e99999999999",
                "\"\\ud800\"",
                "\"\\u0000\"",
                "{\"\\ud83d\":1}",
                "\"\u2028\u2029\"",
                "\"</script>\""
            })
    void strange_values_reach_the_caller_or_are_unreadable(String value) throws Exception {
        assertEndsWell(call(route -> Map.of(
                route.answerTopic().toString(),
                ("{\"id\":\"" + route.id() + "\",\"response\":" + value + "}").getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE", "ISO-8859-1"})
    void answers_in_other_encodings_are_unreadable(String encoding) throws Exception {
        HttpReply reply = call(route -> Map.of(
                route.answerTopic().toString(),
                ("{\"id\":\"" + route.id() + "\",\"response\":\"gr\u00fcn\"}").getBytes(Charset.forName(encoding))));

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.body()).contains("\"unreadable_answer\"", "payload is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.0", "1e2", "0.10", "[ 1,\t2 ]", "\"\\u00e9\\/\"", "\"\\ud800\"", "\"\ud83d\ude00\""})
    void answers_reach_the_caller_as_they_were_written(String value) throws Exception {
        HttpReply reply = call(route -> Map.of(
                route.answerTopic().toString(),
                ("{\"response\" : " + value + " , \"id\":\"" + route.id() + "\"}").getBytes(StandardCharsets.UTF_8)));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).endsWith(",\"response\":" + value + "}");
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1_000, 1_001, 60_000})
    void nesting_ends_in_an_answer_or_is_unreadable(int depth) throws Exception {
        String value = "[".repeat(depth) + "]".repeat(depth);

        assertEndsWell(call(route -> Map.of(
                route.answerTopic().toString(),
                ("{\"id\":\"" + route.id() + "\",\"response\":" + value + "}").getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void flood_of_foreign_answers_leaves_nothing_behind() {
        byte[] large = new byte[Json.MAX_PAYLOAD_BYTES];
        long before = pendingAcks.dropped();
        for (int i = 0; i < 100_000; i++) {
            pendingAcks.deliver("gw/" + new UUID(i, i) + "/pump/m/ack", large);
        }
        assertThat(pendingAcks.dropped() - before).isEqualTo(100_000);
        assertThat(pendingAcks.waiting()).isEmpty();
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = splice(bytes, at, Math.max(0, at - 8), bytes.length);
                default -> bytes = splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), bytes.length);
            }
        }
        return bytes;
    }

    /** What stands before {@code end}, followed by what stands from {@code from} on: repeats or leaves out a part. */
    private static byte[] splice(byte[] bytes, int end, int from, int to) {
        byte[] result = new byte[end + to - from];
        System.arraycopy(bytes, 0, result, 0, end);
        System.arraycopy(bytes, from, result, end, to - from);
        return result;
    }
}
