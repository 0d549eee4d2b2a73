package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One JSON value, checked and kept as it was written: its digits, escapes and white space. Immutable; thread-safe. */
public final class JsonText {
    private final byte[] utf8;

    /** @param utf8 one JSON value and nothing around it; kept, so nobody may change it */
    JsonText(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Writes a value.
     *
     * @throws IllegalArgumentException when something in it is no JSON value
     */
    public static JsonText of(JsonNode value) {
        return new JsonText(Json.write(value));
    }

    /** A JSON string of these characters. */
    public static JsonText string(String characters) {
        return of(TextNode.valueOf(characters));
    }

    /** Reads one value. White space around it is no part of it.
     *
     * @throws MalformedJsonException when it is anything else than one value, or exceeds what {@link Json#read} takes
     */
    public static JsonText parse(byte[] json) throws MalformedJsonException {
        return JsonReader.text(json);
    }

    /** The value; changing it leaves this text as it is. */
    public JsonNode tree() {
        try {
            return Json.read(utf8);
        } catch (MalformedJsonException impossible) {
            throw new IllegalStateException("what was checked can be read", impossible);
        }
    }

    /** The text in UTF-8, for this package alone: not to be changed. */
    byte[] utf8() {
        return utf8;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonText text && Arrays.equals(utf8, text.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    /** The text. */
    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
