package dev.roundtrip.local.iot.provisioning;

import static dev.roundtrip.local.iot.provisioning.Expressions.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Computes the expressions of one template with the parameters of one request. Used by one thread. */
final class Evaluation {
    /** How many characters all results together may have; our choice. */
    private static final int MAX_CHARACTERS = 262_144;

    /** What would let the sender of a parameter write more into a policy than a name: quotes, wildcards, variables. */
    private static final Pattern NOT_FOR_POLICIES = Pattern.compile("[\"\\\\*?+#${}\\p{Cntrl}]");

    private final Map<String, String> parameters;
    private final JsonNode mappings;
    private boolean inPolicy;
    private int room = MAX_CHARACTERS;

    /** @param parameters with the defaults of those that were not sent */
    Evaluation(Map<String, String> parameters, JsonNode mappings) {
        this.parameters = Map.copyOf(parameters);
        this.mappings = mappings;
    }

    private String counted(String text) throws ProvisioningRefusal {
        room -= text.length();
        if (room < 0) {
            throw refusal("the values of the template are longer than " + MAX_CHARACTERS + " characters");
        }
        return text;
    }

    /** The text that a node gives. */
    String text(JsonNode node) throws ProvisioningRefusal {
        if (node.isValueNode() && !node.isNull()) {
            return counted(node.asText());
        }
        String name = Expressions.isCall(node) ? node.fieldNames().next() : "";
        JsonNode arguments = node.path(name);
        return counted(
                switch (name) {
                    case Expressions.REF -> parameter(arguments.asText());
                    case Expressions.JOIN -> join(text(arguments.path(0)), list(arguments.path(1)));
                    case Expressions.SELECT -> select(text(arguments.path(0)), list(arguments.path(1)));
                    case Expressions.FIND -> scalar(find(arguments));
                    case Expressions.SUB -> sub(arguments);
                    default -> throw refusal("a value of the template is no string");
                });
    }

    private String parameter(String name) throws ProvisioningRefusal {
        String value = parameters.get(name);
        if (value == null) {
            throw refusal("the parameter " + name + " is missing");
        }
        if (inPolicy && NOT_FOR_POLICIES.matcher(value).find()) {
            throw refusal("the parameter " + name + " stands in a policy, and has a quote, a backslash, a control"
                    + " character, or one of *?+#${}");
        }
        return value;
    }

    /** Counts before it joins: a short delimiter may come often. */
    private String join(String delimiter, List<String> parts) throws ProvisioningRefusal {
        long length = (long) delimiter.length() * parts.size();
        if (length > room) {
            throw refusal("the values of the template are longer than " + MAX_CHARACTERS + " characters");
        }
        return String.join(delimiter, parts);
    }

    private static String select(String index, List<String> list) throws ProvisioningRefusal {
        if (!index.matches("[0-9]{1,6}") || Integer.parseInt(index) >= list.size()) {
            throw refusal(Expressions.SELECT + " asks for an entry that the list does not have");
        }
        return list.get(Integer.parseInt(index));
    }

    private JsonNode find(JsonNode arguments) throws ProvisioningRefusal {
        JsonNode found = mappings.path(text(arguments.path(0)))
                .path(text(arguments.path(1)))
                .path(text(arguments.path(2)));
        if (found.isMissingNode() || found.isNull()) {
            throw refusal(Expressions.FIND + " asks for keys that Mappings does not have");
        }
        return found;
    }

    private static String scalar(JsonNode node) throws ProvisioningRefusal {
        if (!node.isValueNode()) {
            throw refusal(Expressions.FIND + " finds no string");
        }
        return node.asText();
    }

    private String sub(JsonNode arguments) throws ProvisioningRefusal {
        JsonNode variables = arguments.path(1);
        Matcher found = Expressions.VARIABLE.matcher((arguments.isArray() ? arguments.path(0) : arguments).asText());
        StringBuilder result = new StringBuilder();
        while (found.find()) {
            String name = found.group(2);
            String value;
            if (!found.group(1).isEmpty()) {
                value = "${" + name + '}';
            } else if (variables.has(name)) {
                value = text(variables.get(name));
            } else {
                value = parameter(name);
            }
            found.appendReplacement(result, Matcher.quoteReplacement(counted(value)));
        }
        return found.appendTail(result).toString();
    }

    /** The list that a node gives. */
    List<String> list(JsonNode node) throws ProvisioningRefusal {
        if (node.isArray()) {
            List<String> list = new ArrayList<>();
            for (JsonNode each : node) {
                list.add(text(each));
            }
            return list;
        }
        if (node.has(Expressions.SPLIT)) {
            JsonNode arguments = node.get(Expressions.SPLIT);
            String delimiter = text(arguments.path(0));
            String source = text(arguments.path(1));
            if (delimiter.isEmpty()) {
                throw refusal(Expressions.SPLIT + " needs a delimiter");
            }
            return List.of(source.split(Pattern.quote(delimiter), -1));
        }
        if (node.has(Expressions.FIND)) {
            JsonNode found = find(node.get(Expressions.FIND));
            if (found.isArray()) {
                return list(found);
            }
        }
        throw refusal("a value of the template is no list");
    }

    /** The text of a policy document, in which no parameter can write more than a name. */
    String document(JsonNode node) throws ProvisioningRefusal {
        inPolicy = true;
        try {
            JsonNode computed = computed(node);
            return computed.isTextual() ? computed.textValue() : computed.toString();
        } finally {
            inPolicy = false;
        }
    }

    private JsonNode computed(JsonNode node) throws ProvisioningRefusal {
        if (Expressions.isCall(node)) {
            return TextNode.valueOf(text(node));
        }
        if (node instanceof ObjectNode object) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                result.set(member.getKey(), computed(member.getValue()));
            }
            return result;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode();
            for (JsonNode each : array) {
                result.add(computed(each));
            }
            return result;
        }
        return node;
    }
}
