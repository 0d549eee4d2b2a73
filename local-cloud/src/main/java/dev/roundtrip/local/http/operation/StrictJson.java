package dev.roundtrip.local.http.operation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.Optional;

/** Reads JSON that anybody may have written: one value, nothing behind it, no member twice, not too deep.
 * Thread-safe.
 */
public final class StrictJson {
    /** How deep a value may be; our choice: anything deeper is not worth an object. */
    public static final int MAX_NESTING = 64;

    private static final ObjectReader READER = mapper().build().reader();

    private StrictJson() {}

    /** A factory of a format, as strict. */
    public static <F extends JsonFactory, B extends TSFBuilder<F, B>> F factory(B builder) {
        return builder.streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /** A strict mapper, to which more can be added. */
    public static JsonMapper.Builder mapper() {
        return JsonMapper.builder(factory(new JsonFactoryBuilder()))
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** Whether UTF-8 can write all names and strings of a value. An escape of JSON can write half a surrogate pair, and
     * so can CBOR: it would be lost, come back otherwise, or fail whoever writes it.
     */
    public static boolean isWellFormed(JsonNode value) {
        if (value.isTextual()) {
            return Utf8.isWellFormed(value.textValue());
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!Utf8.isWellFormed(member.getKey())) {
                return false;
            }
        }
        for (JsonNode child : value) {
            if (!isWellFormed(child)) {
                return false;
            }
        }
        return true;
    }

    /** A JSON object; empty when the text is something else, or has a string that is not well-formed. */
    public static Optional<ObjectNode> object(String json) {
        try {
            return READER.readTree(json) instanceof ObjectNode object && isWellFormed(object)
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (JsonProcessingException malformed) {
            // Its message may quote the text.
            return Optional.empty();
        }
    }

    /** A JSON object in UTF-8; empty when the bytes are something else. */
    public static Optional<ObjectNode> object(byte[] json) {
        try {
            return object(Utf8.decode(json));
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }
}
