package dev.roundtrip.local.iot.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.roundtrip.local.http.operation.Utf8;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The formats in which services themselves read and write. What they read is hostile. */
public enum DocumentFormat {
    JSON(
            "json",
            "application/json",
            new ObjectMapper(strict(new JsonFactoryBuilder()).build())) {
        @Override
        public JsonNode read(byte[] document) throws IOException {
            return mapper().readTree(Utf8.decode(document));
        }
    },
    CBOR(
            "cbor",
            "application/cbor",
            new ObjectMapper(strict(CBORFactory.builder()).build())) {
        @Override
        public JsonNode read(byte[] document) throws IOException {
            return mapper().readTree(document);
        }
    };

    private final String level;
    private final String contentType;

    @SuppressWarnings("ImmutableEnumChecker") // Configured once, then shared by all threads.
    private final ObjectMapper mapper;

    DocumentFormat(String level, String contentType, ObjectMapper mapper) {
        this.level = level;
        this.contentType = contentType;
        this.mapper = mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    private static final class Limits {
        /** Our choice; no document of a service has more than ten levels. */
        static final int MAX_NESTING = 64;
    }

    private static <F extends JsonFactory, B extends TSFBuilder<F, B>> B strict(B builder) {
        return builder.streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Limits.MAX_NESTING)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    }

    ObjectMapper mapper() {
        return mapper;
    }

    /** The level of topics that says so. */
    public String level() {
        return level;
    }

    public String contentType() {
        return contentType;
    }

    /** The format of a level of a topic. */
    public static Optional<DocumentFormat> ofLevel(String level) {
        return level.equals(JSON.level)
                ? Optional.of(JSON)
                : level.equals(CBOR.level) ? Optional.of(CBOR) : Optional.empty();
    }

    /** The format of a content type. */
    public static Optional<DocumentFormat> ofContentType(String contentType) {
        return contentType.equalsIgnoreCase(JSON.contentType)
                ? Optional.of(JSON)
                : contentType.equalsIgnoreCase(CBOR.contentType) ? Optional.of(CBOR) : Optional.empty();
    }

    /** Reads one document; a missing node when there is nothing.
     *
     * @throws IOException when it is malformed, too deep, or has a member twice; the message may quote it
     */
    public abstract JsonNode read(byte[] document) throws IOException;

    /** Writes a document. */
    public byte[] write(JsonNode document) {
        try {
            return mapper.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
