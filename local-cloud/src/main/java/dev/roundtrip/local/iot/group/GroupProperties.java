package dev.roundtrip.local.iot.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the properties of a group out of a request. */
final class GroupProperties {
    /** Source: {@code ThingGroupDescription} of service model {@code iot-2015-05-28}. */
    private static final Pattern DESCRIPTION = Pattern.compile("[\\p{Graph}\\x20]{0,2028}");

    private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");
    private static final Pattern ATTRIBUTE_VALUE = Pattern.compile("[a-zA-Z0-9_.,@/:#=\\[\\]-]{0,800}");

    /** Source: AWS IoT Core quotas, "Maximum number of attributes associated with a thing group". */
    private static final int MAX_ATTRIBUTES = 50;

    private GroupProperties() {}

    /** The description that is asked for; the one before where none is given. */
    static String description(JsonNode properties, String before) throws Refusal {
        JsonNode given = properties.path("thingGroupDescription");
        if (given.isMissingNode() || given.isNull()) {
            return before;
        }
        if (!given.isTextual() || !DESCRIPTION.matcher(given.textValue()).matches()) {
            throw Refusal.invalid("thingGroupDescription must match " + DESCRIPTION);
        }
        return given.textValue();
    }

    /** With {@code merge}, attributes that are not named stay; an empty value removes one. */
    static Map<String, String> attributes(JsonNode properties, Map<String, String> before) throws Refusal {
        JsonNode payload = properties.path("attributePayload");
        JsonNode given = payload.path("attributes");
        if (given.isMissingNode() || given.isNull()) {
            return before;
        }
        Map<String, String> attributes = new TreeMap<>(payload.path("merge").asBoolean() ? before : Map.of());
        for (Map.Entry<String, JsonNode> attribute : given.properties()) {
            @Nullable String value = attribute.getValue().textValue();
            if (!ATTRIBUTE_NAME.matcher(attribute.getKey()).matches()
                    || value == null
                    || !ATTRIBUTE_VALUE.matcher(value).matches()) {
                throw Refusal.invalid(
                        "the name of an attribute must match " + ATTRIBUTE_NAME + " and its value " + ATTRIBUTE_VALUE);
            }
            if (value.isEmpty()) {
                attributes.remove(attribute.getKey());
            } else {
                attributes.put(attribute.getKey(), value);
            }
        }
        if (attributes.size() > MAX_ATTRIBUTES) {
            throw Refusal.invalid("a thing group has at most " + MAX_ATTRIBUTES + " attributes");
        }
        return attributes;
    }
}
