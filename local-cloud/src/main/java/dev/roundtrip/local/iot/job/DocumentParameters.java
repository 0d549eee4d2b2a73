package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.job.ManagedTemplate.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The values for the parameters of a managed template, as CreateJob is given them.
 *
 * <p>Source of the bounds: service model {@code iot-2015-05-28}.
 */
final class DocumentParameters {
    private static final int MAX_VALUE = 30_720;
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final Pattern VALUE = Pattern.compile("[^\\p{C}]+");

    private DocumentParameters() {}

    /** Reads the values.
     *
     * @throws Refusal when a value is none, one is missing that the template requires, or one is no parameter of it
     */
    static Map<String, String> read(ObjectNode json, ManagedTemplate template) throws Refusal {
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> given : json.path("documentParameters").properties()) {
            values.put(given.getKey(), value(template, given.getKey(), given.getValue()));
        }
        for (Parameter parameter : template.parameters()) {
            if (!parameter.optional() && !values.containsKey(parameter.key())) {
                throw Refusal.invalid("documentParameters must have " + parameter.key() + " for " + template.name());
            }
        }
        return values;
    }

    private static String value(ManagedTemplate template, String key, JsonNode given) throws Refusal {
        if (!KEY.matcher(key).matches()) {
            throw Refusal.invalid("a key of documentParameters must match " + KEY);
        }
        Parameter parameter = template.parameter(key).orElse(null);
        if (parameter == null) {
            throw Refusal.invalid("documentParameters has " + key + ", which is no parameter of " + template.name());
        }
        if (!given.isTextual()
                || given.textValue().length() > MAX_VALUE
                || !VALUE.matcher(given.textValue()).matches()) {
            throw Refusal.invalid("the value of " + key + " in documentParameters must be a string that matches "
                    + VALUE + ", of at most " + MAX_VALUE + " characters");
        }
        if (!parameter.regex().matcher(given.textValue()).matches()) {
            throw Refusal.invalid("the value of " + key + " in documentParameters must match " + parameter.regex());
        }
        return given.textValue();
    }

    /** The document of a template with these values. */
    static String document(ManagedTemplate template, Map<String, String> values) {
        ObjectNode document = (ObjectNode) JobJson.parsed(template.document());
        Placeholder.replace(
                document,
                placeholder -> placeholder.kind().equals(Placeholder.PARAMETER)
                        ? Optional.of(
                                values.getOrDefault(placeholder.argument(), OpenFacts.VALUE_OF_AN_ABSENT_PARAMETER))
                        : Optional.empty());
        return document.toString();
    }
}
