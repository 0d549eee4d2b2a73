package dev.roundtrip.protocol;

/** A device: its thing name and its MQTT client id.
 *
 * @param value 1 to 128 of the characters {@code [a-zA-Z0-9:_-]}
 */
public record Target(String value) {
    /** The longest value, in characters; the limit of an AWS IoT thing name. */
    public static final int MAX_LENGTH = 128;

    private static final Name RULE = new Name("target", ":_-", MAX_LENGTH);

    /** @throws MalformedNameException when the value has other characters, or too many, or none */
    public Target {
        RULE.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
