package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the expressions of a template before anybody uses it: functions, their arguments, and the names that they
 * refer to.
 *
 * <p>Source: AWS IoT developer guide, "Provisioning templates", "Intrinsic functions".
 *
 * @param parameters the names that are declared
 * @param mappings an object of objects of objects
 */
record Expressions(Set<String> parameters, JsonNode mappings) {
    static final String REF = "Ref";
    static final String JOIN = "Fn::Join";
    static final String SELECT = "Fn::Select";
    static final String FIND = "Fn::FindInMap";
    static final String SPLIT = "Fn::Split";
    static final String SUB = "Fn::Sub";

    /** A variable of {@code Fn::Sub}; with an exclamation mark it stays as it is. */
    static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");

    Expressions {
        parameters = Set.copyOf(parameters);
    }

    /** Whether a node of a policy document is a call of a function. */
    static boolean isCall(JsonNode node) {
        if (!node.isObject() || node.size() != 1) {
            return false;
        }
        String name = node.fieldNames().next();
        return name.equals(REF) || name.startsWith("Fn::");
    }

    /** Demands that a node gives a text.
     *
     * @param where names the place in the template
     * @throws ProvisioningRefusal when it does not
     */
    void text(JsonNode node, String where) throws ProvisioningRefusal {
        if (node.isValueNode() && !node.isNull()) {
            return;
        }
        if (!isCall(node)) {
            throw refusal(where + " must be a string, or one of the functions Ref, " + JOIN + ", " + SELECT + ", "
                    + FIND + ", " + SUB);
        }
        String name = node.fieldNames().next();
        JsonNode arguments = node.get(name);
        String inside = where + "." + name;
        switch (name) {
            case REF -> {
                if (!arguments.isTextual()) {
                    throw refusal(inside + " must name a parameter");
                }
                known(arguments.textValue(), inside);
            }
            case JOIN -> {
                arguments(arguments, 2, inside);
                text(arguments.get(0), inside);
                list(arguments.get(1), inside);
            }
            case SELECT -> {
                arguments(arguments, 2, inside);
                text(arguments.get(0), inside);
                list(arguments.get(1), inside);
            }
            case FIND -> find(arguments, inside);
            case SUB -> sub(arguments, inside);
            default -> throw refusal(inside + " gives no string here, or is no function of templates");
        }
    }

    /** Demands that a node gives a list. */
    void list(JsonNode node, String where) throws ProvisioningRefusal {
        if (node.isArray()) {
            for (JsonNode each : node) {
                text(each, where);
            }
            return;
        }
        String name = isCall(node) ? node.fieldNames().next() : "";
        switch (name) {
            case SPLIT -> {
                arguments(node.get(name), 2, where);
                text(node.get(name).get(0), where);
                text(node.get(name).get(1), where);
            }
            case FIND -> find(node.get(name), where);
            default -> throw refusal(where + " must have a list, " + SPLIT + " or " + FIND);
        }
    }

    /** Checks the calls in a policy document. */
    void document(JsonNode node, String where) throws ProvisioningRefusal {
        if (isCall(node)) {
            if (node.has(JOIN)) {
                throw refusal(JOIN + " is not supported for policies (" + where + ")");
            }
            text(node, where);
        } else if (node.isContainerNode()) {
            for (JsonNode each : node) {
                document(each, where);
            }
        }
    }

    private void find(JsonNode arguments, String where) throws ProvisioningRefusal {
        arguments(arguments, 3, where);
        for (JsonNode argument : arguments) {
            text(argument, where);
        }
        JsonNode map = arguments.get(0);
        if (map.isTextual() && !mappings.has(map.textValue())) {
            throw refusal(where + " names a map that Mappings does not have: " + map.textValue());
        }
    }

    private void sub(JsonNode arguments, String where) throws ProvisioningRefusal {
        JsonNode text = arguments.isArray() ? arguments.path(0) : arguments;
        JsonNode variables = arguments.path(1);
        boolean fits = arguments.isTextual() || (arguments.isArray() && arguments.size() == 2 && variables.isObject());
        if (!fits || !text.isTextual()) {
            throw refusal(where + " takes a string, or a list of a string and an object");
        }
        for (JsonNode value : variables) {
            text(value, where);
        }
        Matcher found = VARIABLE.matcher(text.textValue());
        while (found.find()) {
            if (found.group(1).isEmpty() && !variables.has(found.group(2))) {
                known(found.group(2), where);
            }
        }
    }

    private void known(String parameter, String where) throws ProvisioningRefusal {
        if (!parameters.contains(parameter) && !parameter.startsWith(TemplateBody.OF_CERTIFICATE)) {
            throw refusal(where + " names a parameter that Parameters does not have: " + parameter);
        }
    }

    private static void arguments(JsonNode arguments, int number, String where) throws ProvisioningRefusal {
        if (!arguments.isArray() || arguments.size() != number) {
            throw refusal(where + " takes a list of " + number);
        }
    }

    static ProvisioningRefusal refusal(String message) {
        return new ProvisioningRefusal(ProvisioningError.INVALID_PARAMETERS, message);
    }
}
