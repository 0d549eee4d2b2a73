package dev.roundtrip.local.check;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.local.check.Wire.Request;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What makes a device exact under failure. Each method returns what was seen. */
final class RecommendedRules {
    private static final Method UNKNOWN = new Method("no-such-method");

    /** Long enough to show small buffers, and within the 128 KB of AWS IoT Core. */
    private static final int BIG = 100_000;

    /** Payloads that are no JSON object, or have not what a request has. */
    private static final List<byte[]> NO_OBJECTS = List.of(
            new byte[0],
            new byte[] {(byte) 0xc3, 0x28}, // no UTF-8
            "[".repeat(5_000).getBytes(StandardCharsets.UTF_8),
            "{}".getBytes(StandardCharsets.UTF_8),
            "[1]".getBytes(StandardCharsets.UTF_8),
            "{\"timestamp\":\"1\",\"request\":1,".getBytes(StandardCharsets.UTF_8));

    /** What makes a request none. */
    private static final List<Consumer<ObjectNode>> FLAWS = List.of(
            payload -> payload.remove("request"),
            payload -> payload.put("id", 7),
            payload -> payload.put("id", UUID.randomUUID().toString()),
            payload -> payload.put("deadline", "soon"));

    private final Player player;
    private final Random random = new Random();

    RecommendedRules(Player player) {
        this.player = player;
    }

    String refusals() throws MqttException, BrokenRuleException, InterruptedException {
        Player.requireRefusal(player.ask(UNKNOWN), DeviceRefusal.UNKNOWN_METHOD);
        Request late = player.wire().request(player.trial().method());
        player.wire().send(late, player.expired(late));
        Heard heard = player.wire().next(late, player.trial().patience());
        if (heard == null) {
            throw new BrokenRuleException("no answer to a request whose deadline has passed");
        }
        Player.requireRefusal(heard, DeviceRefusal.EXPIRED);
        return "";
    }

    String begun() throws MqttException, BrokenRuleException, InterruptedException {
        long before = player.isCounted() ? player.count() : 0;
        Request request = player.wire().request(player.counting());
        var payload = player.payload(request);
        for (int i = 0; i < 5; i++) {
            player.wire().send(request, payload);
        }
        Heard first = player.answer(request);
        for (Heard next = player.noise(request); next != null; next = player.noise(request)) {
            Player.require(next.saysTheSameAs(first), "five requests with one id got different answers");
        }
        if (player.isCounted()) {
            player.counted(before, 1, "a request that was sent five times at once");
        }
        return player.isCounted() ? "" : "whether it ran again is not seen without --counter";
    }

    String sample() throws MqttException, BrokenRuleException, InterruptedException {
        Request unknown = player.wire().request(UNKNOWN);
        player.wire().send(unknown, player.withoutDeadline(unknown));
        Heard refused = player.noise(unknown);
        Player.require(
                refused == null || refused.message() instanceof AnswerMessage.Answered,
                refused == null ? "" : refused.describe() + " came, which the sample's gateway takes for success");
        Request known = player.wire().request(player.trial().method());
        player.wire().send(known, player.withoutDeadline(known));
        player.answer(known);
        return refused == null ? "" : "it runs any method";
    }

    String instance() throws MqttException, BrokenRuleException, InterruptedException {
        String name = "."
                + random.ints(9, 0, 32)
                        .mapToObj(digit -> String.valueOf("abcdefghijklmnopqrstuvwxyz234567".charAt(digit)))
                        .collect(Collectors.joining());
        Request request = player.wire().request(player.trial().method(), name + "/" + UUID.randomUUID());
        player.wire().send(request, player.payload(request));
        return player.answer(request).describe();
    }

    String garbage() throws MqttException, BrokenRuleException, InterruptedException {
        List<Request> requests = new ArrayList<>();
        for (byte[] payload : NO_OBJECTS) {
            Request request = player.wire().request(player.trial().method());
            player.wire().send(request.topic(), payload);
            requests.add(request);
        }
        for (Consumer<ObjectNode> flaw : FLAWS) {
            Request request = player.wire().request(player.trial().method());
            ObjectNode payload = player.payload(request);
            flaw.accept(payload);
            player.wire().send(request, payload);
            requests.add(request);
        }
        player.ask(player.trial().method());
        Duration quiet = Player.QUIET; // once for all of them
        for (Request request : requests) {
            Player.require(player.wire().next(request, quiet) == null, "what is no request was answered");
            quiet = Duration.ZERO;
        }
        return "";
    }

    String sizes() throws MqttException, BrokenRuleException, InterruptedException {
        for (JsonText value :
                List.of(JsonText.string(""), JsonText.of(NullNode.getInstance()), JsonText.string("x".repeat(BIG)))) {
            Request request = player.wire().request(player.trial().method());
            player.wire()
                    .send(request, Wire.payload(request, value, player.trial().patience()));
            Heard heard = player.wire().next(request, player.trial().patience());
            Player.require(
                    heard != null,
                    "no answer to a request of " + value.toString().length() + " characters");
        }
        return "";
    }
}
