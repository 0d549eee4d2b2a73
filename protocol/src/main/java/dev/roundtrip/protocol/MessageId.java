package dev.roundtrip.protocol;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The name of one call: a random UUID, version 4, in lower case. Unguessable, so that only the device that was asked
 * can answer.
 *
 * @param value a UUID of version 4
 */
public record MessageId(UUID value) {

    /** What {@link UUID#variant()} says of the UUIDs of RFC 9562, which are those that have a version. */
    private static final int RFC_VARIANT = 2;

    /** @throws MalformedNameException when the UUID is not of version 4 */
    public MessageId {
        if (value.version() != 4 || value.variant() != RFC_VARIANT) {
            throw new MalformedNameException("message id must be a UUID of version 4, but has version "
                    + value.version() + " and variant " + value.variant());
        }
    }

    /** A fresh id from the platform's secure random numbers. */
    public static MessageId random() {
        return new MessageId(UUID.randomUUID());
    }

    /** Reads the canonical form, 36 characters in lower case.
     *
     * @throws MalformedNameException when the text is anything else
     */
    public static MessageId of(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            // UUID.fromString also takes short and upper-case forms; they would be a second name for the same call.
            if (uuid.toString().equals(text)) {
                return new MessageId(uuid);
            }
        } catch (MalformedNameException notVersion4) {
            throw notVersion4;
        } catch (IllegalArgumentException notAUuid) {
            // Told below, in our words.
        }
        throw new MalformedNameException("message id must be a UUID in lower case");
    }

    /** Written, as {@link #hashCode()} is, since a record's own are put together at their first use, for which a cold
     * start would wait.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageId id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
