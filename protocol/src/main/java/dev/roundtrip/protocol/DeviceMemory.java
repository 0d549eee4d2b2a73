package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a device says, beside its answer, of the order and the keys that it remembers.
 *
 * @param lane the lane of an ordered request; null when the device does not know order, or was not asked
 * @param key the key that the device remembers; null when it does not know keys, or was not asked
 * @param replay whether the outcome is an earlier one
 */
public record DeviceMemory(@Nullable Lane lane, @Nullable KeptKey key, Replay replay) {
    /** Nothing. */
    public static final DeviceMemory NONE = new DeviceMemory(null, null, Replay.FIRST);

    /** Whether an outcome was told before. */
    public enum Replay {
        /** The request ran, or was refused, for this answer. */
        FIRST,
        /** An earlier request with the same key had this outcome. */
        REPLAYED
    }

    /** A key that a device remembers.
     *
     * @param value the key's hash as the request had it
     * @param seconds how long the device will remember it, 0 or more
     */
    public record KeptKey(String value, long seconds) {}

    void writeTo(ObjectNode message) {
        if (lane != null) {
            ObjectNode written = message.putObject("lane")
                    .put("name", lane.name().value())
                    .put("epoch", lane.epoch().value())
                    .put("last", lane.last());
            if (lane.lastId() != null) {
                written.put("lastId", lane.lastId().toString());
            }
        }
        if (key != null) {
            message.put("key", key.value()).put("kept", key.seconds());
        }
        if (replay == Replay.REPLAYED) {
            message.put("replayed", true);
        }
    }

    /** Reads what is well-formed; what is not counts as not said, for the answer itself may be good. */
    static DeviceMemory readFrom(ObjectNode message) {
        Lane lane = message.get("lane") instanceof ObjectNode written ? lane(written) : null;
        JsonNode key = message.path("key");
        JsonNode kept = message.path("kept");
        KeptKey keptKey = key.isTextual() && kept.isIntegralNumber() && kept.canConvertToLong() && kept.longValue() >= 0
                ? new KeptKey(key.textValue(), kept.longValue())
                : null;
        Replay replay = message.path("replayed").booleanValue() ? Replay.REPLAYED : Replay.FIRST;
        return lane == null && keptKey == null && replay == Replay.FIRST
                ? NONE
                : new DeviceMemory(lane, keptKey, replay);
    }

    private static @Nullable MessageId lastId(JsonNode lastId) {
        try {
            return lastId.isTextual() ? WireId.of(lastId.textValue()).id() : null;
        } catch (MalformedNameException unknown) {
            return null;
        }
    }

    private static @Nullable Lane lane(ObjectNode written) {
        JsonNode last = written.path("last");
        JsonNode lastId = written.path("lastId");
        if (!last.isIntegralNumber() || !last.canConvertToLong()) {
            return null;
        }
        try {
            return new Lane(
                    new Method(written.path("name").asText()),
                    new Epoch(written.path("epoch").asText()),
                    last.longValue(),
                    lastId(lastId));
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
