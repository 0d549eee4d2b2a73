package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import java.util.regex.Pattern;

/** The content types of payloads. */
final class ContentType {
    /** Source: {@code CommandPayload}, "type/subtype". */
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x2e\\x30-\\x7e]+/[\\x20-\\x7e]+");

    /** Source: AWS IoT Core protocol limits, "Content type". */
    private static final int MAX = 256;

    private ContentType() {}

    /** @throws Refusal when it is there and none */
    static void demand(JsonNode given) throws Refusal {
        if (given.isMissingNode() || given.isNull()) {
            return;
        }
        if (!given.isTextual()
                || given.textValue().length() > MAX
                || !FORM.matcher(given.textValue()).matches()) {
            throw Refusal.invalid("contentType must be type/subtype, with at most " + MAX + " characters");
        }
    }

    /** The type that is given, or that of a payload without one. */
    static String of(JsonNode given) {
        return given.isTextual() ? given.textValue() : Payload.UNKNOWN_TYPE;
    }
}
