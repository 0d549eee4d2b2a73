package dev.roundtrip.protocol;

import java.nio.charset.StandardCharsets;

/** An MQTT topic name that AWS IoT Core takes.
 *
 * @param value 1 to 256 bytes of UTF-8 with at most seven slashes, no wildcard, no U+0000 and no lone surrogate
 */
public record Topic(String value) {
    /** The longest topic in bytes of UTF-8; source: AWS IoT Core message broker limits, "Topic size". */
    public static final int MAX_BYTES = 256;

    /** The most slashes in a topic; source: AWS IoT Core message broker limits. */
    public static final int MAX_SLASHES = 7;

    /** @throws MalformedNameException when the value is no topic, or is longer or deeper than AWS IoT Core takes */
    public Topic {
        if (value.isEmpty()) {
            throw new MalformedNameException("topic must not be empty");
        }
        int slashes = 0;
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == '+' || character == '#' || character == 0) {
                throw new MalformedNameException("topic must have no wildcard and no U+0000");
            }
            slashes += character == '/' ? 1 : 0;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new MalformedNameException(
                    "topic must have at most " + MAX_BYTES + " bytes, but has " + bytes.length);
        }
        if (!new String(bytes, StandardCharsets.UTF_8).equals(value)) {
            throw new MalformedNameException("topic must have no half of a surrogate pair");
        }
        if (slashes > MAX_SLASHES) {
            throw new MalformedNameException("topic must have at most " + MAX_SLASHES + " slashes, but has " + slashes);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
