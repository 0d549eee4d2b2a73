package dev.roundtrip.device.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** Reads documents of jobs into records. */
final class JobDocument {
    private JobDocument() {}

    /** Members that the record does not have are ignored.
     *
     * @throws JobRejectedException when the document is no {@code T}
     */
    static <T> T read(JsonNode document, Class<T> type, ObjectMapper mapper) throws JobRejectedException {
        try {
            T read = mapper.readerFor(type)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(document);
            if (read != null) {
                return read;
            }
        } catch (JsonProcessingException unfit) {
            throw new JobRejectedException("the job's document is no " + type.getSimpleName() + place(unfit));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        throw new JobRejectedException("the job's document is no " + type.getSimpleName());
    }

    /** Which member is wrong, without its value. */
    private static String place(JsonProcessingException unfit) {
        if (unfit instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            StringBuilder path = new StringBuilder(": see ");
            mapping.getPath()
                    .forEach(step -> path.append('/')
                            .append(
                                    step.getFieldName() == null
                                            ? String.valueOf(step.getIndex())
                                            : step.getFieldName()));
            return path.toString();
        }
        return "";
    }
}
