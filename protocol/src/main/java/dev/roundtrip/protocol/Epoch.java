package dev.roundtrip.protocol;

/** Names the counters of a device: drawn at random when they were lost, so that nobody takes new ones for the old.
 *
 * @param value 1 to 32 of the characters {@code [a-zA-Z0-9_-]}
 */
public record Epoch(String value) {
    private static final Name RULE = new Name("epoch", "_-", 32);

    /** @throws MalformedNameException when the value has other characters, or too many, or none */
    public Epoch {
        RULE.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
