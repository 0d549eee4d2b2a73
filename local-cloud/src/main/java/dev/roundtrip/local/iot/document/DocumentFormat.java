package dev.roundtrip.local.iot.document;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.roundtrip.local.http.operation.StrictJson;
import dev.roundtrip.local.http.operation.Utf8;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.util.Optional;

/** The formats in which services themselves read and write. What they read is hostile. */
public enum DocumentFormat {
    JSON("json", "application/json", new ObjectMapper(StrictJson.factory(new JsonFactoryBuilder()))) {
        @Override
        JsonNode parsed(byte[] document) throws IOException {
            return mapper().readTree(Utf8.decode(document));
        }
    },
    CBOR("cbor", "application/cbor", new ObjectMapper(StrictJson.factory(CBORFactory.builder()))) {
        @Override
        JsonNode parsed(byte[] document) throws IOException {
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
     * @throws IOException when it is malformed, too deep, has a member twice, or a string with half a surrogate pair;
     *     the message may quote it
     */
    public JsonNode read(byte[] document) throws IOException {
        JsonNode parsed = parsed(document);
        if (!StrictJson.isWellFormed(parsed)) {
            throw new MalformedInputException(1);
        }
        return parsed;
    }

    abstract JsonNode parsed(byte[] document) throws IOException;

    /** Writes a document. */
    public byte[] write(JsonNode document) {
        try {
            return mapper.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
