package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.document.DocumentFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON with placeholders for the parameters of an execution. Immutable. */
final class PayloadTemplate {
    private static final String SCOPE = "aws:iot:commandexecution::";
    private static final String PARAMETER = SCOPE + "parameter:";
    private static final String TIMEOUT = SCOPE + "executionTimeoutSec";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(aws:[^{}]{0,256})\\}");

    private final JsonNode root;

    private PayloadTemplate(JsonNode root) {
        this.root = root;
    }

    /** Reads a template.
     *
     * @throws Refusal when it is no JSON
     */
    static PayloadTemplate read(String text) throws Refusal {
        try {
            JsonNode root = DocumentFormat.JSON.read(text.getBytes(StandardCharsets.UTF_8));
            if (!root.isMissingNode()) {
                return new PayloadTemplate(root);
            }
        } catch (IOException malformed) {
            // Told below: its message may quote the template.
        }
        throw Refusal.invalid("payloadTemplate must be JSON; a placeholder stands within a string");
    }

    /** Demands that each placeholder is known.
     *
     * @throws Refusal when one is not, or stands in the name of a member
     */
    void demand(Set<String> parameters) throws Refusal {
        demand(root, parameters);
    }

    private static void demand(JsonNode node, Set<String> parameters) throws Refusal {
        if (node.isTextual()) {
            Matcher found = PLACEHOLDER.matcher(node.textValue());
            while (found.find()) {
                String name = found.group(1);
                if (!name.equals(TIMEOUT)
                        && !(name.startsWith(PARAMETER) && parameters.contains(name.substring(PARAMETER.length())))) {
                    throw Refusal.invalid("payloadTemplate has a placeholder for no parameter of the command");
                }
            }
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (PLACEHOLDER.matcher(member.getKey()).find()) {
                throw Refusal.invalid("a placeholder stands in a value, not in the name of a member");
            }
        }
        for (JsonNode child : node) {
            demand(child, parameters);
        }
    }

    /** The document with values in the places of placeholders. */
    JsonNode filled(Map<String, ParameterValue> values, long timeoutSeconds) {
        return filled(root, new Values(values, timeoutSeconds));
    }

    /** What placeholders stand for. */
    private record Values(Map<String, ParameterValue> parameters, long timeoutSeconds) {
        /** The value alone; null for a placeholder that is none of ours. */
        @Nullable JsonNode alone(String name) {
            if (name.equals(TIMEOUT)) {
                return LongNode.valueOf(timeoutSeconds);
            }
            ParameterValue value = parameter(name);
            return value == null ? null : value.document();
        }

        @Nullable String within(String name) {
            if (name.equals(TIMEOUT)) {
                return Long.toString(timeoutSeconds);
            }
            ParameterValue value = parameter(name);
            return value == null ? null : value.text();
        }

        private @Nullable ParameterValue parameter(String name) {
            return name.startsWith(PARAMETER) ? parameters.get(name.substring(PARAMETER.length())) : null;
        }
    }

    private static JsonNode filled(JsonNode node, Values values) {
        return switch (node) {
            case ObjectNode members -> {
                ObjectNode filled = JsonNodeFactory.instance.objectNode();
                members.properties().forEach(member -> filled.set(member.getKey(), filled(member.getValue(), values)));
                yield filled;
            }
            case ArrayNode elements -> {
                ArrayNode filled = JsonNodeFactory.instance.arrayNode(elements.size());
                elements.forEach(element -> filled.add(filled(element, values)));
                yield filled;
            }
            case TextNode text -> filled(text, values);
            case JsonNode leaf -> leaf;
        };
    }

    /** In one pass: a value may look like a placeholder. */
    private static JsonNode filled(TextNode text, Values values) {
        Matcher found = PLACEHOLDER.matcher(text.textValue());
        if (OpenFacts.TYPED_VALUES_LOSE_THEIR_QUOTES && found.matches()) {
            JsonNode alone = values.alone(found.group(1));
            return alone == null ? text : alone;
        }
        return TextNode.valueOf(found.replaceAll(match ->
                Matcher.quoteReplacement(Objects.requireNonNullElse(values.within(match.group(1)), match.group()))));
    }
}
