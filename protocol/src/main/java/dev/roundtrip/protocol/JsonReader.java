package dev.roundtrip.protocol;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads JSON out of bytes that may be anything, and says what is wrong with those that are none. */
final class JsonReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** What UTF-8 has of a byte order mark: parsers may pass over it, and tools of Windows write it. Source: RFC 8259,
     * 8.1.
     */
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** No shorter number has an exponent beyond what {@link java.math.BigDecimal} has. */
    private static final int SHORTEST_IMPOSSIBLE = "1e2147483649".length();

    private JsonReader() {}

    /** One way to read a value; the parser stands at its first token, and then at its last. */
    private interface Reading<T> {
        T read(JsonParser parser) throws IOException, MalformedJsonException;
    }

    static JsonNode tree(byte[] json) throws MalformedJsonException {
        JsonNode tree = read(json, JsonReader::readValue);
        return tree == null ? MissingNode.getInstance() : tree;
    }

    static JsonText text(byte[] json) throws MalformedJsonException {
        byte[] utf8 = utf8(json);
        JsonText text = readUtf8(utf8, parser -> readText(parser, utf8));
        if (text == null) {
            throw new MalformedJsonException("is empty");
        }
        return text;
    }

    static Envelope envelope(byte[] json, String content) throws MalformedJsonException {
        byte[] utf8 = utf8(json);
        Envelope envelope = readUtf8(utf8, parser -> readEnvelope(parser, utf8, content));
        if (envelope == null) {
            throw new MalformedJsonException("must be a JSON object, but is empty");
        }
        return envelope;
    }

    /** The bytes without a mark.
     *
     * @throws MalformedJsonException when they are not UTF-8: Jackson would guess what they are, and take what is
     *     ill-formed
     */
    private static byte[] utf8(byte[] json) throws MalformedJsonException {
        if (!Utf8.isText(json)) {
            throw new MalformedJsonException(Utf8.NOT_UTF_8);
        }
        return isMarked(json) ? Arrays.copyOfRange(json, MARK.length, json.length) : json;
    }

    private static boolean isMarked(byte[] json) {
        return json.length >= MARK.length && Arrays.equals(json, 0, MARK.length, MARK, 0, MARK.length);
    }

    private static <T> @Nullable T read(byte[] json, Reading<T> reading) throws MalformedJsonException {
        return readUtf8(utf8(json), reading);
    }

    /** @return null when there is nothing but white space */
    private static <T> @Nullable T readUtf8(byte[] utf8, Reading<T> reading) throws MalformedJsonException {
        if (isMarked(utf8)) {
            throw new MalformedJsonException("has two byte order marks");
        }
        try (JsonParser parser = Json.parser(utf8)) {
            if (parser.nextToken() == null) {
                return null;
            }
            T value = reading.read(parser);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("has more than one value" + place(parser.currentTokenLocation()));
            }
            return value;
        } catch (StreamConstraintsException tooMuch) {
            throw new MalformedJsonException(tooMuch(tooMuch.getOriginalMessage()));
        } catch (JsonProcessingException notJson) {
            throw new MalformedJsonException((notJson.getOriginalMessage().startsWith("Duplicate field")
                            ? "has the same name twice in one object"
                            : "is not JSON")
                    + place(notJson.getLocation()));
        } catch (IllegalArgumentException | ArithmeticException impossibleNumber) {
            throw new MalformedJsonException("has a number whose exponent no number can have, such as 1e99999999999");
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes in memory can always be read", impossible);
        }
    }

    private static String place(JsonLocation location) {
        return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    /** The limit that was exceeded, in our words; Jackson's begin with its subject. */
    private static String tooMuch(String message) {
        if (message.startsWith("Document nesting depth")) {
            return "is nested deeper than " + Json.MAX_DEPTH + " levels";
        }
        if (message.startsWith("Number value length")) {
            return "has a number of more than " + Json.MAX_NUMBER_LENGTH + " digits";
        }
        return message.startsWith("Name length")
                ? "has a name of more than " + Json.MAX_NAME_LENGTH + " characters"
                : "has a text that is too long";
    }

    private static JsonNode readValue(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    object.set(name, readValue(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (!parser.nextToken().isStructEnd()) {
                    array.add(readValue(parser));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new JsonParseException(parser, "a value is missing");
        };
    }

    private static Envelope readEnvelope(JsonParser parser, byte[] utf8, String content)
            throws IOException, MalformedJsonException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            throw new MalformedJsonException("must be a JSON object");
        }
        ObjectNode members = NODES.objectNode();
        JsonText kept = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.equals(content)) {
                kept = readText(parser, utf8);
            } else {
                members.set(name, readValue(parser));
            }
        }
        return new Envelope(members, kept);
    }

    /** Goes through a value, which finds everything that is wrong with it, and takes its bytes as they are. */
    private static JsonText readText(JsonParser parser, byte[] utf8) throws IOException {
        int from = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_NUMBER_FLOAT && parser.getTextLength() >= SHORTEST_IMPOSSIBLE) {
                var unused = parser.getDecimalValue();
            }
        } while (depth > 0 && parser.nextToken() != null);
        parser.finishToken();
        int to = Math.toIntExact(parser.currentLocation().getByteOffset());
        while (utf8[to - 1] <= ' ') {
            // To see the end of a number, the parser has looked at what follows; no value ends in white space.
            to--;
        }
        return new JsonText(Arrays.copyOfRange(utf8, from, to));
    }
}
