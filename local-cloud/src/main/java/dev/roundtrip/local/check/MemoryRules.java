package dev.roundtrip.local.check;

import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.Method;
import java.security.SecureRandom;
import java.util.Base64;

/** What a device remembers: keys and order. Each method returns what was seen. */
final class MemoryRules {
    private final Player player;
    private final SecureRandom random = new SecureRandom();

    MemoryRules(Player player) {
        this.player = player;
    }

    private String hash() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String keys() throws MqttException, BrokenRuleException, InterruptedException {
        Method method = player.counting();
        String key = hash();
        String digest = hash();
        long before = player.isCounted() ? player.count() : 0;
        Heard first = keyed(method, key, digest);
        DeviceMemory.KeptKey kept = first.message().memory().key();
        Player.require(kept != null && kept.value().equals(key), "the answer does not carry the key");
        Heard again = keyed(method, key, digest);
        Player.require(again.saysTheSameAs(first), "the repeat got " + again.describe() + " with another content");
        Player.require(
                again.message().memory().replay() == DeviceMemory.Replay.REPLAYED,
                "the repeat is not marked as replayed");
        if (player.isCounted()) {
            player.counted(before, 1, "a request that was repeated with its key");
        }
        Player.requireRefusal(keyed(method, key, hash()), DeviceRefusal.KEY_REUSED);
        Heard only = player.ask(method, payload -> payload.put("key", key).put("replay", "only"));
        Player.require(only.saysTheSameAs(first), "replay=only got " + only.describe() + " with another content");
        String unknown = hash();
        Player.requireRefusal(
                player.ask(method, payload -> payload.put("key", unknown).put("replay", "only")),
                DeviceRefusal.UNKNOWN_KEY);
        return "it keeps a key for " + (kept == null ? 0 : kept.seconds()) + " s";
    }

    private Heard keyed(Method method, String key, String digest)
            throws MqttException, BrokenRuleException, InterruptedException {
        return player.ask(
                method, payload -> payload.put("key", key).put("digest", digest).put("keep", 600));
    }

    String lanes() throws MqttException, BrokenRuleException, InterruptedException {
        Method method = player.counting();
        // Whether it runs or not, its answer says where the lane is, and the check goes on from there.
        long sequence = lane(ordered(method, 1)).last() + 1;
        long before = player.isCounted() ? player.count() : 0;
        Lane lane = lane(ordered(method, sequence));
        Player.require(lane.last() == sequence, "the lane says " + lane.last() + " after " + sequence);
        refusedAfter(sequence, ordered(method, sequence));
        refusedAfter(sequence, ordered(method, sequence - 1));
        refusedAfter(
                sequence,
                player.ask(
                        method, payload -> payload.put("sequence", sequence + 2).put("after", sequence - 1)));
        refusedAfter(
                sequence,
                player.ask(
                        method, payload -> payload.put("sequence", sequence + 2).put("epoch", "not-the-epoch")));
        Heard next = player.ask(
                method,
                payload -> payload.put("sequence", sequence + 2)
                        .put("after", sequence)
                        .put("epoch", lane.epoch().value()));
        Player.require(next.refusal().isEmpty(), "the next one in order got " + next.describe());
        Player.require(lane(next).last() == sequence + 2, "the lane did not go on to the next one in order");
        if (player.isCounted()) {
            player.counted(before, 2, "six ordered requests of which two were in order");
        }
        return "lane " + lane.name() + ", epoch " + lane.epoch();
    }

    private Heard ordered(Method method, long sequence)
            throws MqttException, BrokenRuleException, InterruptedException {
        return player.ask(method, payload -> payload.put("sequence", sequence));
    }

    private static Lane lane(Heard heard) throws BrokenRuleException {
        Lane lane = heard.message().memory().lane();
        if (lane == null) {
            throw new BrokenRuleException("the answer does not carry the lane");
        }
        return lane;
    }

    private static void refusedAfter(long last, Heard heard) throws BrokenRuleException {
        Player.requireRefusal(heard, DeviceRefusal.OUT_OF_SEQUENCE);
        Player.require(
                lane(heard).last() == last,
                "the refusal says that " + lane(heard).last() + " ran last");
    }
}
