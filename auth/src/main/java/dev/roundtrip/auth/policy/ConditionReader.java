package dev.roundtrip.auth.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.auth.policy.Condition.MissingKey;
import dev.roundtrip.auth.policy.Condition.Quantifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the {@code Condition} of a statement. An operator that is not known is refused: to skip it could allow what it
 * should not.
 */
final class ConditionReader {
    private static final String IF_EXISTS = "IfExists";
    private static final String FOR_ANY_VALUE = "ForAnyValue:";
    private static final String FOR_ALL_VALUES = "ForAllValues:";

    private ConditionReader() {}

    static List<Condition> read(JsonNode node) throws MalformedPolicyException {
        List<Condition> conditions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> test :
                PolicyReader.object(node, "Condition").properties()) {
            String operator = test.getKey();
            for (Map.Entry<String, JsonNode> entry :
                    PolicyReader.object(test.getValue(), operator).properties()) {
                try {
                    conditions.add(read(operator, entry.getKey(), PolicyReader.texts(entry.getValue())));
                } catch (MalformedPolicyException malformed) {
                    throw malformed.at(operator + ", " + entry.getKey());
                }
            }
            if (test.getValue().isEmpty()) {
                throw new MalformedPolicyException(operator + " names no key");
            }
        }
        return conditions;
    }

    private static Condition read(String operator, String key, List<String> values) throws MalformedPolicyException {
        if (!Template.isVariableName(key)) {
            throw new MalformedPolicyException("wanted is a condition key like iot:ClientId");
        }
        if (operator.equals("Null")) {
            return presence(key, values);
        }
        return comparison(operator, key, values);
    }

    private static Condition presence(String key, List<String> values) throws MalformedPolicyException {
        return switch (values.size() == 1 ? values.getFirst() : "") {
            case "true" -> new Condition.Presence(key, Condition.Presence.Wanted.MISSING);
            case "false" -> new Condition.Presence(key, Condition.Presence.Wanted.PRESENT);
            default -> throw new MalformedPolicyException("wanted is \"true\" or \"false\"");
        };
    }

    private static Condition comparison(String name, String key, List<String> values) throws MalformedPolicyException {
        boolean forAny = name.startsWith(FOR_ANY_VALUE);
        boolean forAll = name.startsWith(FOR_ALL_VALUES);
        boolean ifExists = name.endsWith(IF_EXISTS);
        String plain = name.substring(
                forAny ? FOR_ANY_VALUE.length() : forAll ? FOR_ALL_VALUES.length() : 0,
                name.length() - (ifExists ? IF_EXISTS.length() : 0));
        ConditionOperator operator = ConditionOperator.of(plain)
                .orElseThrow(() -> new MalformedPolicyException("the operator " + name + " is not known here"));
        boolean negative = operator.sense() == Sense.ALL_BUT_LISTED;
        // Without a quantifier a negative test is the opposite of its positive twin, for many values and for none.
        Quantifier quantifier = forAll || (negative && !forAny) ? Quantifier.ALL : Quantifier.ANY;
        MissingKey missingKey = ifExists || quantifier == Quantifier.ALL ? MissingKey.HOLDS : MissingKey.FAILS;
        List<ConditionValue> listed = new ArrayList<>();
        for (String value : values) {
            listed.add(operator.read(value));
        }
        return new Condition.Comparison(key, new Condition.Test(quantifier, operator.sense(), missingKey), listed);
    }
}
