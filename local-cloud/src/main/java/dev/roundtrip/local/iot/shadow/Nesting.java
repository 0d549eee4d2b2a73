package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** How deep objects and arrays of a JSON text are in each other. */
final class Nesting {
    /** Reads token by token, and holds none. */
    private static final JsonFactory ANY_DEPTH = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private Nesting() {}

    /** Whether a text has more levels than so many, as far as it is JSON. */
    static boolean exceeds(String text, int levels) {
        try (JsonParser parser = ANY_DEPTH.createParser(text)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                }
                if (depth > levels) {
                    return true;
                }
            }
        } catch (IOException malformed) {
            return false;
        }
        return false;
    }
}
