package dev.roundtrip.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.protocol.JsonText;
import org.jspecify.annotations.Nullable;

/** What a device answered: one JSON value, kept as the device wrote it. Immutable; thread-safe. */
public final class Response {
    private final JsonText json;
    private final ObjectMapper mapper;

    Response(JsonText json, ObjectMapper mapper) {
        this.json = json;
        this.mapper = mapper;
    }

    /** The JSON as the device wrote it: its digits, escapes and white space. */
    public String text() {
        return json.toString();
    }

    /** The JSON as a tree; changing it leaves this response as it is. */
    public JsonNode tree() {
        return json.tree();
    }

    /** The value of a type, bound by the client's mapper.
     *
     * @throws UnexpectedResponseException when the response is JSON null, or is no value of this type
     */
    public <T> T as(Class<T> type) {
        return bind(type.getTypeName(), text -> mapper.readValue(text, type));
    }

    /** The value of a type with parameters, bound by the client's mapper.
     *
     * @throws UnexpectedResponseException when the response is JSON null, or is no value of this type
     */
    public <T> T as(TypeReference<T> type) {
        return bind(type.getType().getTypeName(), text -> mapper.readValue(text, type));
    }

    private <T> T bind(String type, Binding<T> binding) {
        T value;
        try {
            value = binding.bind(text());
        } catch (JsonProcessingException unfit) {
            throw new UnexpectedResponseException(type, unfit);
        }
        if (value == null) {
            throw new UnexpectedResponseException(type);
        }
        return value;
    }

    private interface Binding<T> {
        @Nullable T bind(String json) throws JsonProcessingException;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Response response && json.equals(response.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    /** How long the response is; not what it says. */
    @Override
    public String toString() {
        return "Response[" + json.toString().length() + " characters]";
    }
}
