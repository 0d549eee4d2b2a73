package dev.roundtrip.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** How Roundtrip reads and writes JSON: strictly, and without changing a value on its way through. */
public final class Json {
    /** The most bytes of an MQTT payload; source: AWS IoT Core message broker limits, "Message size", 128 KB. */
    public static final int MAX_PAYLOAD_BYTES = 128 * 1024;

    /** The deepest nesting that is read; what is read can always be written, inside a message too. */
    private static final int MAX_DEPTH = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // The default keeps buffers by thread, and a virtual thread would use its own but once.
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(2 * MAX_DEPTH)
                    .build())
            .build();

    /** Refuses repeated names and trailing text; keeps the digits of every number. Thread-safe.
     *
     * <p>To read what others wrote use {@link #read}: the mapper answers some numbers with exceptions that are no {@link IOException}.
     */
    public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private Json() {}

    /** Reads one JSON value, UTF-8; nothing at all reads as a missing node.
     *
     * @throws MalformedMessageException when it is anything else, or nested deeper than 1,000, or has a number of more than 1,000 digits
     */
    public static JsonNode read(byte[] json) throws MalformedMessageException {
        try {
            return MAPPER.readTree(json);
        } catch (IOException | IllegalArgumentException | ArithmeticException notJson) {
            // The last two for exponents that no number can have, such as 1e99999999999.
            throw new MalformedMessageException("payload is not JSON");
        }
    }
}
