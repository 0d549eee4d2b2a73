package dev.roundtrip.local.iot.command;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the value of a parameter must satisfy. Immutable.
 *
 * @param json as it was given
 */
record ValueCondition(Operator operator, Operand operand, JsonNode json) {
    /** Source: {@code CommandParameterValueStringList} of service model {@code iot-2015-05-28}. */
    private static final int MAX_SET = 10;

    /** What a number may look like; the digits are our choice. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?");

    private static final String RANGE = "numberRange";

    private static final IntPredicate EQUAL = order -> order == 0;
    private static final IntPredicate LESS = order -> order < 0;
    private static final IntPredicate GREATER = order -> order > 0;

    /** How a value is compared.
     *
     * <p>Source: AWS IoT developer guide, "Create and manage commands", value conditions.
     */
    enum Operator {
        EQUALS,
        NOT_EQUALS,
        LESS_THAN,
        LESS_THAN_EQUALS,
        GREATER_THAN,
        GREATER_THAN_EQUALS,
        IN_SET,
        NOT_IN_SET,
        IN_RANGE,
        NOT_IN_RANGE
    }

    /** What numbers are compared with, and how; the bounds of a range belong to it. */
    private static final Map<Operator, Rule<BigDecimal>> NUMBERS = Map.ofEntries(
            entry(Operator.EQUALS, one(EQUAL)),
            entry(Operator.NOT_EQUALS, one(EQUAL.negate())),
            entry(Operator.LESS_THAN, one(LESS)),
            entry(Operator.LESS_THAN_EQUALS, one(GREATER.negate())),
            entry(Operator.GREATER_THAN, one(GREATER)),
            entry(Operator.GREATER_THAN_EQUALS, one(LESS.negate())),
            entry(Operator.IN_SET, new Rule<>("numbers", ValueCondition::isAmong)),
            entry(Operator.NOT_IN_SET, new Rule<>("numbers", (value, set) -> !isAmong(value, set))),
            entry(Operator.IN_RANGE, new Rule<>(RANGE, ValueCondition::isWithin)),
            entry(Operator.NOT_IN_RANGE, new Rule<>(RANGE, (value, range) -> !isWithin(value, range))));

    private static final Map<Operator, Rule<String>> TEXTS = Map.of(
            Operator.EQUALS, new Rule<>("string", (value, texts) -> texts.contains(value)),
            Operator.NOT_EQUALS, new Rule<>("string", (value, texts) -> !texts.contains(value)),
            Operator.IN_SET, new Rule<>("strings", (value, texts) -> texts.contains(value)),
            Operator.NOT_IN_SET, new Rule<>("strings", (value, texts) -> !texts.contains(value)));

    /** How an operator decides.
     *
     * @param member which member of the operand it reads
     */
    private record Rule<T>(String member, BiPredicate<T, List<T>> test) {}

    /** What a value is compared with.
     *
     * @param members of the given operand, those of a range in order: least and greatest
     */
    record Operand(Map<String, List<String>> members) {
        Operand {
            members = Map.copyOf(members);
        }

        @Nullable List<String> get(String member) {
            return members.get(member);
        }
    }

    private static Rule<BigDecimal> one(IntPredicate order) {
        return new Rule<>("number", (value, numbers) -> order.test(value.compareTo(numbers.getFirst())));
    }

    private static boolean isAmong(BigDecimal value, List<BigDecimal> set) {
        return set.stream().anyMatch(each -> each.compareTo(value) == 0);
    }

    private static boolean isWithin(BigDecimal value, List<BigDecimal> range) {
        return value.compareTo(range.getFirst()) >= 0 && value.compareTo(range.getLast()) <= 0;
    }

    /** Reads a condition.
     *
     * @throws Refusal when it is none
     */
    static ValueCondition read(JsonNode given) throws Refusal {
        Operator operator = Set.of(Operator.values()).stream()
                .filter(each ->
                        each.name().equals(given.path("comparisonOperator").asText()))
                .findFirst()
                .orElseThrow(() -> Refusal.invalid("comparisonOperator must be one of " + List.of(Operator.values())));
        JsonNode operand = given.path("operand");
        Map<String, List<String>> members = new HashMap<>();
        for (String member : List.of("number", "string")) {
            if (operand.has(member)) {
                members.put(member, List.of(text(operand.get(member))));
            }
        }
        for (String member : List.of("numbers", "strings")) {
            if (operand.has(member)) {
                members.put(member, texts(operand.get(member)));
            }
        }
        if (operand.has(RANGE)) {
            JsonNode range = operand.get(RANGE);
            members.put(RANGE, List.of(text(range.path("min")), text(range.path("max"))));
        }
        if (members.size() != 1) {
            throw Refusal.invalid("operand must have exactly one of number, numbers, string, strings, numberRange");
        }
        return new ValueCondition(operator, new Operand(members), given);
    }

    private static String text(JsonNode given) throws Refusal {
        if (!given.isTextual() || given.textValue().isEmpty()) {
            throw Refusal.invalid("an operand is a string");
        }
        return given.textValue();
    }

    private static List<String> texts(JsonNode given) throws Refusal {
        if (!given.isArray() || given.isEmpty() || given.size() > MAX_SET) {
            throw Refusal.invalid("a set of an operand has 1 to " + MAX_SET + " strings");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode each : given) {
            texts.add(text(each));
        }
        return texts;
    }

    /** Demands that values of a type can be compared so.
     *
     * @throws Refusal when they cannot
     */
    void demandFor(ParameterType type) throws Refusal {
        switch (type.kind()) {
            case NUMBER -> {
                var unused = numbers(rule(NUMBERS, type));
            }
            case TEXT -> {
                var unused = operand(rule(TEXTS, type));
            }
            case OTHER -> throw Refusal.invalid("a parameter of the type " + type + " has no conditions");
        }
    }

    /** Whether a value satisfies it.
     *
     * @throws Refusal when values of its type cannot be compared so
     */
    boolean isMetBy(ParameterValue value) throws Refusal {
        ParameterType type = value.type();
        return switch (type.kind()) {
            case NUMBER -> {
                Rule<BigDecimal> rule = rule(NUMBERS, type);
                yield rule.test().test(value.number(), numbers(rule));
            }
            case TEXT -> {
                Rule<String> rule = rule(TEXTS, type);
                yield rule.test().test(value.text(), operand(rule));
            }
            case OTHER -> throw Refusal.invalid("a parameter of the type " + type + " has no conditions");
        };
    }

    private <T> Rule<T> rule(Map<Operator, Rule<T>> rules, ParameterType type) throws Refusal {
        Rule<T> rule = rules.get(operator);
        if (rule == null) {
            throw Refusal.invalid("a parameter of the type " + type + " cannot be compared by " + operator);
        }
        return rule;
    }

    private List<String> operand(Rule<?> rule) throws Refusal {
        List<String> found = operand.get(rule.member());
        if (found == null) {
            throw Refusal.invalid("the operand of " + operator + " must have " + rule.member());
        }
        return found;
    }

    private List<BigDecimal> numbers(Rule<?> rule) throws Refusal {
        List<BigDecimal> numbers = new ArrayList<>();
        for (String text : operand(rule)) {
            if (!NUMBER.matcher(text).matches()) {
                throw Refusal.invalid("an operand must be a number, as a string");
            }
            numbers.add(new BigDecimal(text));
        }
        if (rule.member().equals(RANGE) && numbers.getFirst().compareTo(numbers.getLast()) > 0) {
            throw Refusal.invalid("the min of a numberRange must not be greater than its max");
        }
        return numbers;
    }
}
