package dev.roundtrip.protocol;

import org.jspecify.annotations.Nullable;

/** Names the effect of a request, so that a device runs it once however often it is asked.
 *
 * @param value the key's hash, 43 characters of base64url
 * @param digest the hash of what was asked, in the same form; null when the caller asks for the outcome only, and does
 *     not repeat what it asked
 * @param keepSeconds how long the device should remember the key, 1 to {@link #MAX_KEEP_SECONDS}
 * @param replay whether the method may run
 */
public record RequestKey(String value, @Nullable String digest, int keepSeconds, Replay replay) {
    /** The longest time that a caller may ask for: seven days, as the contract says. */
    public static final int MAX_KEEP_SECONDS = 604_800;

    /** How long a key is remembered when nobody says: ten minutes, as the contract says. */
    public static final int DEFAULT_KEEP_SECONDS = 600;

    /** The characters of a hash: 32 bytes in base64url without padding. */
    private static final int HASH_LENGTH = 43;

    private static final Name HASH = new Name("a hash", "_-", HASH_LENGTH);

    /** What a device shall do with a key that it does not know. */
    public enum Replay {
        /** Run the method. */
        OR_RUN,
        /** Run nothing, and say that the key is not known. */
        ONLY
    }

    /** @throws IllegalArgumentException when a hash or the time breaks a rule, or a request that may run has no digest
     */
    public RequestKey {
        checkHash(value);
        if (digest != null) {
            checkHash(digest);
        } else if (replay == Replay.OR_RUN) {
            throw new IllegalArgumentException("a request that may run needs a digest");
        }
        if (keepSeconds < 1 || keepSeconds > MAX_KEEP_SECONDS) {
            throw new IllegalArgumentException("keep must be 1 to " + MAX_KEEP_SECONDS + " seconds");
        }
    }

    private static void checkHash(String hash) {
        HASH.check(hash);
        if (hash.length() != HASH_LENGTH) {
            throw new MalformedNameException("a hash must have " + HASH_LENGTH + " characters");
        }
    }
}
