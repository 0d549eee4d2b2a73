package dev.roundtrip.protocol;

/** What a device shall do.
 *
 * @param value 1 to 64 of the characters {@code [a-zA-Z0-9:._-]}
 */
public record Method(String value) {
    /** The longest value, in characters. */
    public static final int MAX_LENGTH = 64;

    private static final Name RULE = new Name("method", ":._-", MAX_LENGTH);

    /** @throws MalformedNameException when the value has other characters, or too many, or none */
    public Method {
        RULE.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
