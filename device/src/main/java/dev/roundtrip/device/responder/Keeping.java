package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.Json;

/** How much a device remembers of calls with a key or a sequence.
 *
 * @param maxKeys the most keys, 10 or more; beyond, the oldest go first, and never one whose call is at work. As many
 *     calls with a sequence and without a key are remembered beside them
 * @param maxBytes the most bytes of their outcomes, enough for ten of the largest or more; beyond, the oldest go
 */
public record Keeping(int maxKeys, long maxBytes) {
    /** The fewest keys that a device may remember; source: the contract, "A device's duties". */
    public static final int LEAST_KEYS = 10;

    /** Room for as many of the largest outcomes. */
    public static final long LEAST_BYTES = (long) LEAST_KEYS * Json.MAX_PAYLOAD_BYTES;

    /** 1,000 keys, with 8 MB of outcomes. */
    public static final Keeping DEFAULT = new Keeping(1_000, 8L << 20);

    /** @throws IllegalArgumentException when a value is out of its range */
    public Keeping {
        if (maxKeys < LEAST_KEYS) {
            throw new IllegalArgumentException("maxKeys must be " + LEAST_KEYS + " or more");
        }
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException("maxBytes must be " + LEAST_BYTES + " or more");
        }
    }
}
