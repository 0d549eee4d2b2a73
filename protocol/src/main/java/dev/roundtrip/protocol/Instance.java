package dev.roundtrip.protocol;

import java.util.UUID;

/** The name of one connection of the gateway, where answers are addressed to a connection; a level of both topics of
 * its calls.
 *
 * <p>Begins with a dot. No prefix has one, so no request of another deployment reads as a request with an instance.
 *
 * @param value a dot and 9 of the characters {@code [a-z2-7]}
 */
public record Instance(String value) {
    /** The length of every value, in characters. */
    public static final int LENGTH = 10;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;

    /** @throws MalformedNameException when the value is anything else */
    public Instance {
        if (!isInstance(value)) {
            throw new MalformedNameException("instance must be a dot and " + (LENGTH - 1) + " of a-z and 2-7");
        }
    }

    private static boolean isInstance(String text) {
        if (text.length() != LENGTH || text.charAt(0) != '.') {
            return false;
        }
        for (int i = 1; i < LENGTH; i++) {
            if (ALPHABET.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A fresh one, 45 bits of the platform's secure random numbers. */
    public static Instance random() {
        // The lowest 62 bits of a random UUID are random, and its classes are loaded for the ids of calls anyway.
        long random = UUID.randomUUID().getLeastSignificantBits();
        StringBuilder value = new StringBuilder(LENGTH).append('.');
        for (int i = 1; i < LENGTH; i++) {
            value.append(ALPHABET.charAt((int) random & MASK));
            random >>>= BITS;
        }
        return new Instance(value.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
