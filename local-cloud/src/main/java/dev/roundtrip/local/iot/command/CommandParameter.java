package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A parameter that a command has. Immutable.
 *
 * @param type null when it takes values of every type
 * @param preset the value without which an execution must bring one; null when there is none
 * @param json as it was given
 */
record CommandParameter(
        String name,
        @Nullable ParameterType type,
        @Nullable ParameterValue preset,
        List<ValueCondition> conditions,
        JsonNode json) {
    /** Source: {@code CommandParameterName} of service model {@code iot-2015-05-28}. */
    static final Pattern NAME = Pattern.compile("[.$a-zA-Z0-9_-]{1,192}");

    private static final Pattern DESCRIPTION = Pattern.compile("\\P{C}{0,2028}");

    /** Our choice. */
    private static final int MAX_CONDITIONS = 10;

    CommandParameter {
        conditions = List.copyOf(conditions);
    }

    /** Reads the parameters of a command, by name; none when the list is absent.
     *
     * @throws Refusal when they are malformed
     */
    static Map<String, CommandParameter> all(JsonNode list) throws Refusal {
        Map<String, CommandParameter> all = new LinkedHashMap<>();
        if (list.isMissingNode() || list.isNull()) {
            return all;
        }
        if (!list.isArray() || list.isEmpty()) {
            throw Refusal.invalid("mandatoryParameters must be a list with an entry");
        }
        for (JsonNode each : list) {
            CommandParameter parameter = read(each);
            if (all.put(parameter.name, parameter) != null) {
                throw Refusal.invalid("the parameter " + parameter.name + " is there twice");
            }
        }
        return all;
    }

    private static CommandParameter read(JsonNode given) throws Refusal {
        String name = given.path("name").asText();
        if (!given.path("name").isTextual() || !NAME.matcher(name).matches()) {
            throw Refusal.invalid("the name of a parameter must match " + NAME);
        }
        JsonNode description = given.path("description");
        if (!description.isMissingNode()
                && !description.isNull()
                && !DESCRIPTION.matcher(description.asText()).matches()) {
            throw Refusal.invalid("the description of a parameter must match " + DESCRIPTION);
        }
        ParameterType type = type(name, given.path("type"));
        ParameterValue absent = value(name, type, given.path("defaultValue"));
        ParameterValue value = value(name, type, given.path("value"));
        List<ValueCondition> conditions = new ArrayList<>();
        JsonNode list = given.path("valueConditions");
        if (!list.isMissingNode() && !list.isNull()) {
            if (!list.isArray() || list.isEmpty() || list.size() > MAX_CONDITIONS) {
                throw Refusal.invalid("valueConditions must be a list with 1 to " + MAX_CONDITIONS + " entries");
            }
            for (JsonNode each : list) {
                ValueCondition condition = ValueCondition.read(each);
                if (type != null) {
                    condition.demandFor(type);
                }
                conditions.add(condition);
            }
        }
        return new CommandParameter(name, type, value == null ? absent : value, conditions, given);
    }

    private static @Nullable ParameterType type(String name, JsonNode given) throws Refusal {
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        return ParameterType.of(given.asText())
                .orElseThrow(() -> Refusal.invalid(
                        "the type of the parameter " + name + " must be one of " + List.of(ParameterType.values())));
    }

    private static @Nullable ParameterValue value(String name, @Nullable ParameterType type, JsonNode given)
            throws Refusal {
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        return checked(name, type, ParameterValue.read(name, given));
    }

    private static ParameterValue checked(String name, @Nullable ParameterType type, ParameterValue value)
            throws Refusal {
        if (type != null && value.type() != type) {
            throw Refusal.invalid("the parameter " + name + " is of the type " + type + ", and the value is not");
        }
        return value;
    }

    /** The value of an execution: the one that it brings, else the preset one.
     *
     * @param given null when the execution brings none
     * @throws Refusal when there is none, or it does not satisfy the conditions
     */
    ParameterValue valueOf(@Nullable ParameterValue given) throws Refusal {
        ParameterValue value = given == null ? preset : checked(name, type, given);
        if (value == null) {
            throw Refusal.invalid("the parameter " + name + " has no value, and no default value");
        }
        for (ValueCondition condition : conditions) {
            if (!condition.isMetBy(value)) {
                throw Refusal.invalid(
                        "the value of the parameter " + name + " does not satisfy " + condition.operator());
            }
        }
        return value;
    }
}
