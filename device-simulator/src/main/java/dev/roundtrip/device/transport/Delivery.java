package dev.roundtrip.device.transport;

/** A message as it came from the broker, nothing checked.
 *
 * @param topic where it was published
 * @param payload its bytes; not copied, nobody may change them
 * @param correlation MQTT 5 correlation data, empty when there is none; not copied, nobody may change them
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Delivery(String topic, byte[] payload, byte[] correlation) {
    /** The correlation data of a message that has none. */
    public static final byte[] NO_CORRELATION = {};
}
