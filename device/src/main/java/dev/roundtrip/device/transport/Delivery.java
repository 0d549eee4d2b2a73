package dev.roundtrip.device.transport;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A message as it came from the broker, nothing checked.
 *
 * @param topic where it was published
 * @param payload its bytes; not copied, nobody may change them
 * @param correlation MQTT 5 correlation data, empty when there is none; not copied, nobody may change them
 * @param expiry how long the message still counts by MQTT 5's message expiry, whole seconds, null when it has none
 * @param contentType MQTT 5 content type, null when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Delivery(
        String topic,
        byte[] payload,
        byte[] correlation,
        @Nullable Duration expiry,
        @Nullable String contentType) {
    /** The correlation data of a message that has none. */
    public static final byte[] NO_CORRELATION = {};

    /** A message without a content type. */
    public Delivery(String topic, byte[] payload, byte[] correlation, @Nullable Duration expiry) {
        this(topic, payload, correlation, expiry, null);
    }
}
