package dev.roundtrip.device.operation;

import dev.roundtrip.device.update.PlainText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A method's response in the status details of a job: whole, in parts, or said to be missing, and never cut. */
final class ResponseDetails {
    /** Source: AWS IoT Jobs, the longest value of a status detail. */
    private static final int MAX_VALUE = 1024;

    /** Leaves two of the ten details for others. */
    private static final int MOST_PARTS = 8;

    private static final String NAME = "response";

    private ResponseDetails() {}

    /** {@code response}, or {@code response:0} to {@code response:7} where it is longer than one detail. Of one that is
     * longer than those, its length is told as {@code responseLength}.
     *
     * @param json the response as JSON
     */
    static Map<String, String> of(String json) {
        String text = plain(json);
        if (text.length() <= MAX_VALUE) {
            return Map.of(NAME, text);
        }
        if (text.length() > MAX_VALUE * MOST_PARTS) {
            return Map.of(
                    "responseLength",
                    Integer.toString(text.length()),
                    "note",
                    "the method was done, and its response is longer than status details can be");
        }
        Map<String, String> parts = new LinkedHashMap<>();
        for (int from = 0; from < text.length(); from += MAX_VALUE) {
            parts.put(NAME + ":" + parts.size(), text.substring(from, Math.min(text.length(), from + MAX_VALUE)));
        }
        return Collections.unmodifiableMap(parts);
    }

    /** The same JSON value with escapes in place of characters that a status detail does not take. */
    private static String plain(String json) {
        StringBuilder plain = new StringBuilder(json.length());
        for (int at = 0; at < json.length(); at++) {
            char character = json.charAt(at);
            String one = String.valueOf(character);
            if (character < ' ') {
                // Outside of texts JSON has white space, and inside of them none of these.
                plain.append(' ');
            } else if (PlainText.of(one, 1).equals(one)) {
                plain.append(character);
            } else {
                plain.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            }
        }
        return plain.toString();
    }
}
