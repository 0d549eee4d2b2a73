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

    /** The document with values in the places of placeholders.
     *
     * @throws Refusal when the values alone are longer than any payload
     */
    JsonNode filled(Map<String, ParameterValue> values, long timeoutSeconds) throws Refusal {
        return new Filling(values, timeoutSeconds).filled(root);
    }

    /** One filling of the template. Used by one thread. */
    private static final class Filling {
        private final Map<String, ParameterValue> parameters;
        private final long timeoutSeconds;

        /** How many characters values may still have: a short template can name a long value often. Values in Base64
         * may become shorter.
         */
        private long room = 2L * Payload.MAX_BYTES;

        Filling(Map<String, ParameterValue> parameters, long timeoutSeconds) {
            this.parameters = parameters;
            this.timeoutSeconds = timeoutSeconds;
        }

        JsonNode filled(JsonNode node) throws Refusal {
            return switch (node) {
                case ObjectNode members -> {
                    ObjectNode filled = JsonNodeFactory.instance.objectNode();
                    for (Map.Entry<String, JsonNode> member : members.properties()) {
                        filled.set(member.getKey(), filled(member.getValue()));
                    }
                    yield filled;
                }
                case ArrayNode elements -> {
                    ArrayNode filled = JsonNodeFactory.instance.arrayNode(elements.size());
                    for (JsonNode element : elements) {
                        filled.add(filled(element));
                    }
                    yield filled;
                }
                case TextNode text -> filled(text);
                case JsonNode leaf -> leaf;
            };
        }

        /** In one pass: a value may look like a placeholder. */
        private JsonNode filled(TextNode text) throws Refusal {
            Matcher found = PLACEHOLDER.matcher(text.textValue());
            if (OpenFacts.TYPED_VALUES_LOSE_THEIR_QUOTES && found.matches()) {
                JsonNode alone = alone(found.group(1));
                return alone == null ? text : alone;
            }
            found.reset();
            StringBuilder filled = new StringBuilder();
            while (found.find()) {
                String within = within(found.group(1));
                found.appendReplacement(filled, Matcher.quoteReplacement(within == null ? found.group() : within));
            }
            return TextNode.valueOf(found.appendTail(filled).toString());
        }

        /** The value alone; null for a placeholder that is none of ours. */
        private @Nullable JsonNode alone(String name) throws Refusal {
            if (name.equals(TIMEOUT)) {
                return LongNode.valueOf(timeoutSeconds);
            }
            ParameterValue value = parameter(name);
            return value == null ? null : value.document();
        }

        private @Nullable String within(String name) throws Refusal {
            if (name.equals(TIMEOUT)) {
                return Long.toString(timeoutSeconds);
            }
            ParameterValue value = parameter(name);
            return value == null ? null : value.text();
        }

        private @Nullable ParameterValue parameter(String name) throws Refusal {
            ParameterValue value =
                    name.startsWith(PARAMETER) ? parameters.get(name.substring(PARAMETER.length())) : null;
            room -= value == null ? 0 : value.text().length();
            if (room < 0) {
                throw Payload.tooLong();
            }
            return value;
        }
    }
}
