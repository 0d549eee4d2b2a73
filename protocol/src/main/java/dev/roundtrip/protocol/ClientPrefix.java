package dev.roundtrip.protocol;

import java.util.UUID;

/** The name of one deployment of the gateway; the first part of its MQTT client ids and a level of every topic.
 *
 * @param value 1 to 91 of the characters {@code [a-zA-Z0-9:_-]}
 */
public record ClientPrefix(String value) {
    /** The longest value, in characters: with a dot and a UUID behind it, it makes an MQTT client id of at most the
     * 128 bytes that AWS IoT Core takes. */
    public static final int MAX_LENGTH = 91;

    private static final Name RULE = new Name("client prefix", ":_-", MAX_LENGTH);

    /** @throws MalformedNameException when the value has other characters, or too many, or none */
    public ClientPrefix {
        RULE.check(value);
    }

    /** The MQTT client id of one connection of the gateway: {@code <prefix>.<random>}.
     *
     * <p>No thing's name and no prefix has a dot, so no thing and no other deployment can have such an id.
     *
     * @param random drawn anew for every connection
     */
    public String clientId(UUID random) {
        return value + "." + random;
    }

    @Override
    public String toString() {
        return value;
    }
}
