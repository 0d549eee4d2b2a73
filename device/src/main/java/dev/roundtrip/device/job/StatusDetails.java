package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.update.PlainText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a device says of an execution, always valid: a key that the service does not take is changed, a value too.
 *
 * @param pairs 10 at most
 */
record StatusDetails(Map<String, String> pairs) {
    static final StatusDetails NONE = new StatusDetails(Map.of());

    /** Source of the three: AWS General Reference, AWS IoT Device Management, Jobs. */
    static final int MOST_PAIRS = 10;

    private static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 1024;

    /** Stands for a value that has no character. */
    private static final String NOTHING = "-";

    StatusDetails {
        Map<String, String> valid = new LinkedHashMap<>();
        pairs.forEach((key, value) -> {
            if (valid.size() < MOST_PAIRS) {
                valid.put(key(key), value(value));
            }
        });
        pairs = Collections.unmodifiableMap(valid);
    }

    /** What the service has; members that are no text are left out. */
    static StatusDetails of(JsonNode object) {
        Map<String, String> read = new LinkedHashMap<>();
        object.properties().forEach(member -> {
            if (member.getValue().isTextual()) {
                read.put(member.getKey(), member.getValue().textValue());
            }
        });
        return new StatusDetails(read);
    }

    /** These and others; where there are too many, the others stay. */
    StatusDetails with(Map<String, String> others) {
        Map<String, String> all = new LinkedHashMap<>(new StatusDetails(others).pairs());
        pairs.forEach(all::putIfAbsent);
        return new StatusDetails(all);
    }

    private static String key(String key) {
        String valid = key.replaceAll("[^a-zA-Z0-9:_-]", "_");
        return valid.isEmpty() ? NOTHING : valid.substring(0, Math.min(valid.length(), MAX_KEY));
    }

    private static String value(String value) {
        String valid = PlainText.of(value, MAX_VALUE);
        return valid.isEmpty() ? NOTHING : valid;
    }
}
