package dev.roundtrip.local.check;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.local.check.Wire.Request;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** What makes a device exact under failure. Each method returns what was seen. */
final class RecommendedRules {
    private static final Method UNKNOWN = new Method("no-such-method");

    /** Long enough to show small buffers, and within the 128 KB of AWS IoT Core. */
    private static final int BIG = 100_000;

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
        byte[] notUtf8 = {(byte) 0xc3, 0x28};
        byte[] deep = "[".repeat(5_000).getBytes(StandardCharsets.UTF_8);
        for (byte[] payload : List.of(
                new byte[0],
                notUtf8,
                deep,
                "{}".getBytes(StandardCharsets.UTF_8),
                "[1]".getBytes(StandardCharsets.UTF_8),
                "{\"request\":1,\"id\":7,\"deadline\":\"soon\"}".getBytes(StandardCharsets.UTF_8),
                "{\"timestamp\":\"1\",\"request\":1,".getBytes(StandardCharsets.UTF_8))) {
            Request request = player.wire().request(player.trial().method());
            player.wire().send(request.topic(), payload);
            Player.require(player.noise(request) == null, "what is no request was answered");
        }
        player.ask(player.trial().method());
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
