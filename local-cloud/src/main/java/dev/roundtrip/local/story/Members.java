package dev.roundtrip.local.story;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads texts of a JSON object that may be cut off at its end. */
final class Members {
    private static final JsonFactory JSON = new JsonFactory();

    private Members() {}

    /** The texts of an object, and of the object {@code error} in it with {@code error.} before the name, up to where
     * the object ends or is cut off; empty when it is no object.
     */
    static Map<String, String> texts(byte @Nullable [] payload) {
        Map<String, String> texts = new HashMap<>();
        if (payload != null) {
            try (JsonParser parser = JSON.createParser(payload)) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    read(parser, "", texts);
                }
            } catch (IOException cutOff) {
                // What was read before is right.
            }
        }
        return texts;
    }

    private static void read(JsonParser parser, String prefix, Map<String, String> texts) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                texts.putIfAbsent(name, parser.getText());
            } else if (value == JsonToken.START_OBJECT && name.equals("error")) {
                read(parser, "error.", texts);
            } else {
                parser.skipChildren();
            }
        }
    }
}
