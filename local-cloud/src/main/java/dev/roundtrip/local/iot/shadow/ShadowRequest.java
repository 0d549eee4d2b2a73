package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.StrictJson;
import dev.roundtrip.local.http.operation.Utf8;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a client sends to a shadow. Members that nobody asks for are passed over: AWS's clients add some. Immutable.
 *
 * <p>Source of the texts: AWS IoT developer guide, "Device Shadow error messages".
 */
final class ShadowRequest {
    /** Of the whole payload: the broker's, over HTTP too. */
    static final int MAX_BYTES = 128 * 1024;

    private static final int MAX_TOKEN_BYTES = 64;

    /** Reads rows as well, which are of such JSON. The depth of the state is counted exactly. */
    static final ObjectReader READER = StrictJson.mapper()
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, OpenFacts.MEMBERS_ARE_UNIQUE)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    private final ObjectNode root;
    private final @Nullable String clientToken;

    private ShadowRequest(ObjectNode root) throws Refusal {
        this.root = root;
        this.clientToken = token(root);
    }

    /** A request whose payload may be empty: get and delete.
     *
     * @throws Refusal when it is neither empty nor a JSON object with a valid token
     */
    static ShadowRequest orEmpty(byte[] payload) throws Refusal {
        return payload.length == 0 ? new ShadowRequest(JsonNodeFactory.instance.objectNode()) : read(payload);
    }

    /** @throws Refusal when the payload is no JSON object in UTF-8 with a valid token */
    static ShadowRequest read(byte[] payload) throws Refusal {
        if (payload.length > MAX_BYTES) {
            throw tooLarge();
        }
        try {
            return new ShadowRequest(object(Utf8.decode(payload)));
        } catch (CharacterCodingException malformed) {
            throw new Refusal(
                    ErrorType.UNSUPPORTED_DOCUMENT_ENCODING,
                    "Unsupported documented encoding; supported encoding is UTF-8");
        }
    }

    private static ObjectNode object(String text) throws Refusal {
        try {
            if (READER.readTree(text) instanceof ObjectNode object && StrictJson.isWellFormed(object)) {
                return object;
            }
        } catch (StreamConstraintsException excessive) {
            // A number or a name may be too long as well.
            if (Nesting.exceeds(text, StrictJson.MAX_NESTING)) {
                throw tooDeep();
            }
        } catch (JsonProcessingException malformed) {
            // Told below: its message may quote the payload.
        }
        throw Refusal.invalid("Invalid JSON");
    }

    static Refusal tooLarge() {
        return new Refusal(ErrorType.REQUEST_ENTITY_TOO_LARGE, "The payload exceeds the maximum size allowed");
    }

    private static Refusal tooDeep() {
        return Refusal.invalid("JSON contains too many levels of nesting; maximum is " + OpenFacts.MAX_DEPTH);
    }

    private static @Nullable String token(ObjectNode root) throws Refusal {
        JsonNode token = root.path("clientToken");
        if (token.isMissingNode() || token.isNull()) {
            return null;
        }
        if (!token.isTextual() || token.textValue().getBytes(StandardCharsets.UTF_8).length > MAX_TOKEN_BYTES) {
            throw Refusal.invalid("Invalid clientToken");
        }
        return token.textValue();
    }

    /** The same answer with the token of the request, if it has one. */
    ObjectNode answer(ObjectNode answer) {
        return clientToken == null ? answer : answer.put("clientToken", clientToken);
    }

    /** The version that the shadow must have; empty when any will do.
     *
     * @throws Refusal when it is no whole number from 0 up
     */
    OptionalLong version() throws Refusal {
        JsonNode version = root.path("version");
        if (version.isMissingNode() || version.isNull()) {
            return OptionalLong.empty();
        }
        if (!version.isIntegralNumber() || !version.canConvertToLong() || version.longValue() < 0) {
            throw Refusal.invalid("Invalid version");
        }
        return OptionalLong.of(version.longValue());
    }

    /** What is to change: {@code null}, or an object with {@code desired}, {@code reported}, both or neither.
     *
     * @throws Refusal when it is something else
     */
    JsonNode change() throws Refusal {
        JsonNode state = root.get("state");
        if (state == null) {
            throw Refusal.invalid("Missing required node: state");
        }
        if (state.isNull()) {
            return state;
        }
        if (!state.isObject()) {
            throw Refusal.invalid("State node must be an object");
        }
        for (Map.Entry<String, JsonNode> section : state.properties()) {
            switch (section.getKey()) {
                case "desired" -> check(section.getValue(), "Desired node must be an object");
                case "reported" -> check(section.getValue(), "Reported node must be an object");
                default -> throw invalidNode();
            }
        }
        return state;
    }

    private static void check(JsonNode section, String otherwise) throws Refusal {
        if (!section.isObject() && !section.isNull()) {
            throw Refusal.invalid(otherwise);
        }
        check(section, 0);
    }

    private static void check(JsonNode value, int depth) throws Refusal {
        if (depth > OpenFacts.MAX_DEPTH) {
            throw tooDeep();
        }
        if (value.isArray() && hasNull(value)) {
            throw invalidNode();
        }
        for (JsonNode child : value) {
            check(child, depth + 1);
        }
    }

    /** At any depth; a parsed value has at most {@link StrictJson#MAX_NESTING} levels. */
    private static boolean hasNull(JsonNode value) {
        for (JsonNode child : value) {
            if (child.isNull() || hasNull(child)) {
                return true;
            }
        }
        return false;
    }

    private static Refusal invalidNode() {
        return Refusal.invalid("State contains an invalid node");
    }
}
