package dev.roundtrip.local.check;

import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.local.check.Wire.Request;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Method;
import java.util.List;
import java.util.UUID;

/** What every device must keep, so that callers are told the truth. Each method returns what was seen. */
final class RequiredRules {
    private static final String NOT_COUNTED = "whether it ran again is not seen without --counter";

    private final Player player;

    RequiredRules(Player player) {
        this.player = player;
    }

    String answers() throws MqttException, BrokenRuleException, InterruptedException {
        Request request = player.wire().request(player.trial().method());
        player.wire().send(request, player.payload(request));
        Heard heard = player.answer(request);
        Player.require(player.noise(request) == null, "a second answer came to one request");
        return heard.describe();
    }

    String repeats() throws MqttException, BrokenRuleException, InterruptedException {
        long before = player.isCounted() ? player.count() : 0;
        Request request = player.wire().request(player.counting());
        var payload = player.payload(request);
        player.wire().send(request, payload);
        Heard first = player.answer(request);
        player.wire().send(request, payload);
        Heard again = player.answer(request);
        Player.require(again.saysTheSameAs(first), "the repeat got " + again.describe() + " with another content");
        if (!player.isCounted()) {
            return NOT_COUNTED;
        }
        player.counted(before, 1, "a request that was sent twice");
        return "";
    }

    String deadline() throws MqttException, BrokenRuleException, InterruptedException {
        long before = player.isCounted() ? player.count() : 0;
        Request request = player.wire().request(player.counting());
        player.wire().send(request, player.expired(request));
        Heard heard = player.wire().next(request, player.trial().patience());
        Player.require(
                heard == null || heard.message() instanceof AnswerMessage.Refused,
                "a request whose deadline passed a minute ago was answered: compare the clocks");
        if (player.isCounted()) {
            player.counted(before, 0, "a request whose deadline passed a minute ago");
        }
        return heard == null ? "it stays silent" : heard.describe();
    }

    String topics() throws MqttException, BrokenRuleException, InterruptedException {
        long before = player.isCounted() ? player.count() : 0;
        Method method = player.counting();
        // An instance is a dot and nine of a-z 2-7; these are none. Random, because several checks may run at once.
        for (String wrong : List.of("one/two", "instance", ".short", ".UPPERCASE", ".longer-than-nine")) {
            Request request = player.wire().request(method, wrong + "/" + UUID.randomUUID());
            player.wire().send(request.topic(), Json.write(player.payload(request)));
            Heard heard = player.noise(request);
            Player.require(heard == null, "a request on " + request.topic() + " was answered");
        }
        if (player.isCounted()) {
            player.counted(before, 0, "a request on a topic with too many levels");
        }
        List<String> strays = player.wire().strays();
        Player.require(strays.isEmpty(), String.join("; ", strays));
        return "";
    }
}
