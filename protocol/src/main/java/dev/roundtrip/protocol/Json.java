package dev.roundtrip.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** How Roundtrip reads and writes JSON: strictly, and without changing a value on its way through. Thread-safe.
 *
 * <p>Trees are read and written here, and not by a mapper: to make one costs more time than the rest of a function's
 * start.
 */
public final class Json {
    /** The most bytes of an MQTT payload; source: AWS IoT Core message broker limits, "Message size", 128 KB. */
    public static final int MAX_PAYLOAD_BYTES = 128 * 1024;

    /** The deepest nesting that is read; what is read can always be written, inside a message too. */
    static final int MAX_DEPTH = 1_000;

    /** The longest number that is read, in digits: Jackson's own limit, for the work that digits make. */
    static final int MAX_NUMBER_LENGTH = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;

    /** The longest name of a member that is read, in characters: Jackson's own limit. */
    static final int MAX_NAME_LENGTH = StreamReadConstraints.DEFAULT_MAX_NAME_LEN;

    private static final int USUAL_BYTES = 256;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // The default keeps buffers by thread, and a virtual thread would use its own but once.
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(2 * MAX_DEPTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    /** Made when it is first asked for. */
    private static final class Mapper {
        static final JsonMapper INSTANCE = JsonMapper.builder(FACTORY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    private Json() {}

    /** For tools, which have objects to bind and texts to indent; as strict as {@link #read}. */
    public static JsonMapper mapper() {
        return Mapper.INSTANCE;
    }

    /** A JSON object without fields. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** Reads token by token; refuses repeated names.
     *
     * <p>What it returns throws a {@link JsonProcessingException} at what is no JSON, at a repeated name, at nesting
     * deeper than 1,000 and at a number of more than 1,000 digits, and another {@link IOException} when the bytes
     * cannot be read.
     *
     * @throws IOException when the first bytes cannot be read
     */
    public static JsonParser parser(InputStream json) throws IOException {
        return FACTORY.createParser(json);
    }

    /** Writes token by token, UTF-8.
     *
     * <p>What it returns throws a {@link JsonProcessingException} at a token that cannot be there and at nesting deeper
     * than 2,000, and another {@link IOException} when the bytes cannot be written.
     *
     * @throws IOException never: nothing is written before the first token
     */
    public static JsonGenerator generator(OutputStream json) throws IOException {
        return FACTORY.createGenerator(json);
    }

    /** Reads token by token out of UTF-8 that is known to be well-formed. */
    static JsonParser parser(byte[] utf8) throws IOException {
        return FACTORY.createParser(utf8);
    }

    /** Reads one JSON value, UTF-8; nothing at all reads as a missing node. Refuses repeated names and trailing text;
     * keeps the digits of every number.
     *
     * @throws MalformedJsonException when it is anything else, or is nested deeper than 1,000, or has a number of more
     *     than 1,000 digits
     */
    public static JsonNode read(byte[] json) throws MalformedJsonException {
        return JsonReader.tree(json);
    }

    /** Stands in a tree for a value that {@link #write} writes as it was written; nothing else can be done with it. */
    public static JsonNode asWritten(JsonText text) {
        return NODES.pojoNode(text);
    }

    /** Writes a value, UTF-8; half a surrogate pair becomes an escape, and bytes become base64.
     *
     * @throws IllegalArgumentException when something in it is no JSON value
     */
    public static byte[] write(JsonNode value) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator generator = FACTORY.createGenerator(json)) {
            write(value, generator, json);
        } catch (IOException impossible) {
            throw new IllegalStateException("a JSON tree can always be written", impossible);
        }
        return json.toByteArray();
    }

    private static void write(JsonNode value, JsonGenerator generator, ByteArrayOutputStream json) throws IOException {
        switch (value.getNodeType()) {
            case OBJECT -> {
                generator.writeStartObject();
                for (Map.Entry<String, JsonNode> field : value.properties()) {
                    generator.writeFieldName(field.getKey());
                    write(field.getValue(), generator, json);
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (JsonNode element : value) {
                    write(element, generator, json);
                }
                generator.writeEndArray();
            }
            case STRING -> generator.writeString(value.textValue());
            case NUMBER -> writeNumber(value, generator);
            case BOOLEAN -> generator.writeBoolean(value.booleanValue());
            case NULL -> generator.writeNull();
            case POJO -> writeAsWritten(value, generator, json);
            case BINARY -> generator.writeString(value.asText());
            case MISSING -> throw new IllegalArgumentException("no JSON value: " + value.getNodeType());
        }
    }

    private static void writeAsWritten(JsonNode value, JsonGenerator generator, ByteArrayOutputStream json)
            throws IOException {
        if (!(value instanceof POJONode node && node.getPojo() instanceof JsonText text)) {
            throw new IllegalArgumentException("no JSON value: " + value.getNodeType());
        }
        // The generator writes what stands before a value; the value itself needs none of its work.
        generator.writeRawValue("");
        generator.flush();
        json.writeBytes(text.utf8());
    }

    private static void writeNumber(JsonNode number, JsonGenerator generator) throws IOException {
        switch (number.numberType()) {
            case INT, LONG -> generator.writeNumber(number.longValue());
            case BIG_INTEGER -> generator.writeNumber(number.bigIntegerValue());
            case FLOAT -> generator.writeNumber(number.floatValue());
            case DOUBLE -> generator.writeNumber(number.doubleValue());
            case BIG_DECIMAL -> generator.writeNumber(number.decimalValue());
        }
    }
}
