package dev.roundtrip.local.journal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON pointers (RFC 6901) to values of payloads that are not told. Immutable.
 *
 * <p>With a mask, nothing is told of a payload that cannot be read as JSON: nobody knows then where the value is.
 */
public final class Masks {
    /** Everything is told. */
    public static final Masks NONE = new Masks(List.of());

    private static final JsonNode MASK = TextNode.valueOf("***");

    private final List<JsonPointer> pointers;

    private Masks(List<JsonPointer> pointers) {
        this.pointers = pointers;
    }

    /** What may be told of a payload.
     *
     * @param text the payload; null when nothing may be told
     * @param masked the pointers whose values were replaced
     */
    public record Masked(@Nullable String text, List<String> masked) {}

    /** Masks for these pointers, such as {@code /request/password}; {@code ""} is the whole payload.
     *
     * @throws IllegalArgumentException when one is no JSON pointer
     */
    public static Masks of(List<String> pointers) {
        return pointers.isEmpty()
                ? NONE
                : new Masks(pointers.stream().map(JsonPointer::compile).toList());
    }

    /** Whether everything is told. */
    public boolean isEmpty() {
        return pointers.isEmpty();
    }

    /** Replaces the values.
     *
     * @param payload UTF-8; its first bytes when it was cut off
     * @param length the payload's length before it was cut off
     */
    public Masked mask(byte[] payload, int length) {
        if (isEmpty()) {
            return new Masked(new String(payload, StandardCharsets.UTF_8), List.of());
        }
        JsonNode tree = length > payload.length ? null : read(payload);
        if (tree == null) {
            return new Masked(null, List.of());
        }
        List<String> masked = new ArrayList<>();
        for (JsonPointer pointer : pointers) {
            if (tree.at(pointer).isMissingNode()) {
                continue;
            }
            masked.add(pointer.toString());
            if (pointer.matches()) {
                tree = MASK;
            } else {
                replace(tree.at(pointer.head()), pointer.last());
            }
        }
        return new Masked(new String(Json.write(tree), StandardCharsets.UTF_8), masked);
    }

    private static void replace(JsonNode parent, JsonPointer last) {
        if (parent instanceof ObjectNode object) {
            object.set(last.getMatchingProperty(), MASK);
        } else if (parent instanceof ArrayNode array) {
            array.set(last.getMatchingIndex(), MASK);
        }
    }

    /** Null when it is no JSON value. */
    private static @Nullable JsonNode read(byte[] payload) {
        try {
            JsonNode tree = Json.read(payload);
            return tree.isMissingNode() ? null : tree;
        } catch (MalformedJsonException unreadable) {
            return null;
        }
    }
}
