package dev.roundtrip.mqtt.packet;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of a message, encoded once however many receive it. Immutable by convention: nobody writes to its
 * arrays.
 *
 * @param topic the topic
 * @param topicBytes the topic in UTF-8
 * @param properties the encoded MQTT 5 properties that pass through, empty when there are none
 * @param payload the payload, may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Publication(String topic, byte[] topicBytes, byte[] properties, byte[] payload) {
    private static final byte[] NO_PROPERTIES = {};

    /** About what the objects around the bytes take: the message, this record, the topic as a string, and the heads of
     * four arrays.
     */
    private static final int OVERHEAD = 192;

    /** A publication with properties that pass through. */
    public static Publication of(String topic, Properties properties, byte[] payload) {
        return new Publication(topic, topic.getBytes(StandardCharsets.UTF_8), properties.forwarded(), payload);
    }

    /** A publication without properties. */
    public static Publication of(String topic, byte[] payload) {
        return new Publication(topic, topic.getBytes(StandardCharsets.UTF_8), NO_PROPERTIES, payload);
    }

    /** A user property. */
    public record UserProperty(String name, String value) {}

    /** Its user properties, in order. */
    public List<UserProperty> userProperties() {
        try {
            return Properties.userProperties(properties);
        } catch (UnreadablePacketException malformed) {
            throw new IllegalStateException("properties were encoded that cannot be read", malformed);
        }
    }

    /** Its properties as text, in order, such as {@code contentType=application/json, user.a=b}.
     *
     * @param most how many characters at most
     * @return null when it has none
     */
    public @Nullable String describeProperties(int most) {
        return properties.length == 0 ? null : describeProperties(properties, most);
    }

    /** The same of properties whose publication is gone. */
    public static String describeProperties(byte[] properties, int most) {
        try {
            return Properties.describe(properties, most);
        } catch (UnreadablePacketException malformed) {
            throw new IllegalStateException("properties were encoded that cannot be read", malformed);
        }
    }

    /** About how much memory it takes, in bytes; the topic is there twice. */
    public int weight() {
        return 2 * topicBytes.length + properties.length + payload.length + OVERHEAD;
    }
}
