package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A JSON object of which one member is somebody else's: that one is kept as it was written.
 *
 * @param members the others
 * @param content that one, null when the object does not have it
 */
public record Envelope(ObjectNode members, @Nullable JsonText content) {

    /** Reads an object.
     *
     * @param json UTF-8
     * @param content the name of the member to be kept as it was written
     * @throws MalformedJsonException when it is anything else than one object, or exceeds what {@link Json#read} takes
     */
    public static Envelope read(byte[] json, String content) throws MalformedJsonException {
        return JsonReader.envelope(json, content);
    }

    /** Reads an object out of characters.
     *
     * @param content the name of the member to be kept as it was written
     * @throws MalformedJsonException as the other does, and at half of a surrogate pair, which UTF-8 does not have
     */
    public static Envelope read(String json, String content) throws MalformedJsonException {
        return JsonReader.envelope(Utf8.encode(json), content);
    }
}
