package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.RequestMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a call ends for its caller when the device refuses, remembers keys and keeps order, or is not waited for. */
class EndingTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final HttpRequest.Context ALICE =
            new HttpRequest.Context("", "/Prod/invoke", new Principal("123456789012", "AIDAALICE"), List.of());

    private final PendingAcks acks = new PendingAcks();

    @AfterEach
    void close() {
        acks.close();
    }

    /** What a device answers to a request. */
    private interface Device {
        AnswerMessage answer(RequestMessage request);
    }

    private interface Sending {
        void send(Command command, PendingAcks.Pending pending);
    }

    private HttpReply call(Sending sending, String more) {
        RequestSender sender = new RequestSender() {
            @Override
            public MessageId nextId() {
                return MessageId.random();
            }

            @Override
            public void send(Command command, PendingAcks.Pending pending, Timings timings) {
                sending.send(command, pending);
            }

            @Override
            public void release(MessageId id) {}
        };
        Invoker invoker = new Invoker(
                new Invoker.Terms(
                        new ClientPrefix("gw"), new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28)), 2),
                acks,
                sender,
                new CallLog(line -> {}),
                new Clocks(() -> NOW, () -> 0L));
        String body = "{'target':'pump-1','method':'start','request':1" + more + "}";
        return invoker.handle(
                new HttpRequest(
                        "POST",
                        new HttpRequest.Path.Plain(),
                        Map.of(),
                        new HttpRequest.Body.Text(body.replace('\'', '"')),
                        ALICE),
                Duration.ofSeconds(29));
    }

    private HttpReply answered(Device device, String more) {
        return call((command, pending) -> acks.deliver(command.answerTopic().value(), answer(device, command)), more);
    }

    private static byte[] answer(Device device, Command command) {
        return device.answer(message(command)).encode();
    }

    private static RequestMessage message(Command command) {
        try {
            return RequestMessage.decode(command.payload());
        } catch (dev.roundtrip.protocol.MalformedMessageException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonNode json(HttpReply reply) throws Exception {
        return Json.mapper().readTree(reply.body());
    }

    private static DeviceMemory keyed(RequestMessage request, DeviceMemory.Replay replay) {
        RequestKey key = Objects.requireNonNull(request.key());
        return new DeviceMemory(null, new DeviceMemory.KeptKey(key.value(), key.keepSeconds()), replay);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "out_of_sequence",
                "expired",
                "unknown_method",
                "invalid_request",
                "key_reused",
                "unknown_key",
                "door_is_open"
            })
    void refusal_of_a_device_is_a_conflict_with_its_code(String code) throws Exception {
        HttpReply reply = answered(
                request -> new AnswerMessage.Refused(request.id().toString(), new DeviceRefusal(code, "because")), "");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(json(reply).path("result").textValue()).isEqualTo("refused");
        assertThat(json(reply).path("error"))
                .isEqualTo(Json.object().put("code", code).put("message", "because"));
        assertThat(reply.headers()).doesNotContainKey("Retry-After");
    }

    @Test
    void busy_device_is_a_503_that_says_when_to_try_again() throws Exception {
        HttpReply soon = answered(
                request -> new AnswerMessage.Refused(request.id().toString(), new DeviceRefusal("busy", "full")), "");
        HttpReply later = answered(
                request -> new AnswerMessage.Refused(request.id().toString(), new DeviceRefusal("busy", "full", 30)),
                "");

        assertThat(soon.status()).isEqualTo(503);
        assertThat(json(soon).path("result").textValue()).isEqualTo("refused");
        assertThat(soon.headers()).containsEntry("Retry-After", "1");
        assertThat(later.headers()).containsEntry("Retry-After", "30");
    }

    @Test
    void answer_of_a_device_that_knows_the_key_says_how_long_it_is_kept() throws Exception {
        JsonNode first = json(answered(
                request -> new AnswerMessage.Answered(
                        request.id().toString(), JsonText.string("x"), keyed(request, DeviceMemory.Replay.FIRST)),
                ",'key':'a','keep':60"));
        JsonNode repeated = json(answered(
                request -> new AnswerMessage.Failed(
                        request.id().toString(),
                        new DeviceError("jammed", ""),
                        keyed(request, DeviceMemory.Replay.REPLAYED)),
                ",'key':'a'"));

        assertThat(first.path("keyed").booleanValue()).isTrue();
        assertThat(first.path("kept").intValue()).isEqualTo(60);
        assertThat(first.has("replayed")).isFalse();
        assertThat(repeated.path("result").textValue()).isEqualTo("device_error");
        assertThat(repeated.path("replayed").booleanValue()).isTrue();
    }

    @Test
    void answer_of_a_device_that_does_not_know_keys_or_order_says_so() throws Exception {
        JsonNode plain = json(answered(
                request -> new AnswerMessage.Answered(request.id().toString(), JsonText.string("x")),
                ",'key':'a','sequence':3"));
        JsonNode foreign = json(answered(
                request -> new AnswerMessage.Answered(
                        request.id().toString(),
                        JsonText.string("x"),
                        new DeviceMemory(null, new DeviceMemory.KeptKey("other", 5), DeviceMemory.Replay.REPLAYED)),
                ",'key':'a'"));

        assertThat(plain.path("keyed").booleanValue()).isFalse();
        assertThat(plain.has("keyed")).isTrue();
        assertThat(plain.path("ordered").booleanValue()).isFalse();
        assertThat(plain.has("ordered")).isTrue();
        assertThat(foreign.path("keyed").booleanValue()).isFalse();
        assertThat(foreign.has("replayed")).isFalse();
    }

    @Test
    void answer_to_an_ordered_call_tells_the_lane_also_when_it_is_refused() throws Exception {
        MessageId last = MessageId.random();
        DeviceMemory memory = new DeviceMemory(
                new Lane(new Method("start"), new Epoch("k3"), 7, last), null, DeviceMemory.Replay.FIRST);

        JsonNode ok = json(answered(
                request -> new AnswerMessage.Answered(request.id().toString(), JsonText.string("x"), memory),
                ",'sequence':7"));
        JsonNode refused = json(answered(
                request -> new AnswerMessage.Refused(
                        request.id().toString(), new DeviceRefusal("out_of_sequence", "7 came before"), memory),
                ",'sequence':7"));

        JsonNode lane = Json.object()
                .put("name", "start")
                .put("epoch", "k3")
                .put("last", 7)
                .put("lastId", last.toString());
        assertThat(ok.path("ordered").booleanValue()).isTrue();
        assertThat(ok.path("lane")).isEqualTo(lane);
        assertThat(refused.path("lane")).isEqualTo(lane);
    }

    @Test
    void plain_call_is_told_nothing_of_order_and_keys() throws Exception {
        JsonNode plain = json(answered(
                request -> new AnswerMessage.Answered(
                        request.id().toString(),
                        JsonText.string("x"),
                        new DeviceMemory(
                                new Lane(new Method("start"), new Epoch("k3"), 7, null),
                                new DeviceMemory.KeptKey("k", 5),
                                DeviceMemory.Replay.REPLAYED)),
                ""));

        assertThat(plain.properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("result", "elapsed", "id", "response");
    }

    @Test
    void call_with_timeout_zero_is_accepted_once_the_broker_has_it_and_takes_no_answer() throws Exception {
        List<RequestMessage> sent = new ArrayList<>();

        HttpReply reply = call(
                (command, pending) -> {
                    sent.add(message(command));
                    acks.deliver(
                            command.answerTopic().value(),
                            new AnswerMessage.Answered(command.route().id().toString(), JsonText.string("early"))
                                    .encode());
                    pending.handedOver();
                },
                ",'timeout':0");

        assertThat(reply.status()).isEqualTo(202);
        assertThat(json(reply).path("result").textValue()).isEqualTo("accepted");
        assertThat(json(reply).path("id").textValue())
                .isEqualTo(sent.getFirst().id().toString());
        assertThat(reply.headers()).doesNotContainKey("Location");
        assertThat(sent.getFirst().deadline()).isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void accepted_call_with_a_key_tells_where_to_ask() throws Exception {
        HttpReply reply = call((command, pending) -> pending.handedOver(), ",'timeout':0,'key':'a'");

        String next = "/Prod/invoke/pump-1/start?replay=only&key=a";
        assertThat(reply.headers()).containsEntry("Location", next);
        assertThat(json(reply).path("next").textValue()).isEqualTo(next);
    }

    @Test
    void call_with_timeout_zero_that_the_broker_refuses_did_not_run() throws Exception {
        HttpReply reply =
                call((command, pending) -> pending.settle(new InvocationResult.Throttled("slow down")), ",'timeout':0");

        assertThat(reply.status()).isEqualTo(429);
    }

    @Test
    void handing_over_ends_no_call_that_waits_for_its_answer() throws Exception {
        HttpReply reply = call(
                (command, pending) -> {
                    pending.handedOver();
                    acks.deliver(
                            command.answerTopic().value(),
                            new AnswerMessage.Answered(command.route().id().toString(), JsonText.string("x")).encode());
                },
                "");

        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void timeout_and_defect_with_a_key_tell_where_to_ask() throws Exception {
        HttpReply late = call((command, pending) -> pending.settle(new InvocationResult.TimedOut()), ",'key':'a'");
        HttpReply broken = call((command, pending) -> pending.settle(new InvocationResult.Defect()), ",'key':'a'");

        assertThat(late.status()).isEqualTo(504);
        assertThat(json(late).path("next").textValue()).startsWith("/Prod/invoke/pump-1/start?");
        assertThat(json(late).path("error").path("code").textValue()).isEqualTo("timeout");
        assertThat(broken.status()).isEqualTo(500);
        assertThat(json(broken).path("next").textValue()).startsWith("/Prod/invoke/pump-1/start?");
        assertThat(json(broken).path("error").path("code").textValue()).isEqualTo("internal_error");
    }
}
