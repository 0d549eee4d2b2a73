package dev.roundtrip.auth.policy;

import java.util.Arrays;
import java.util.Optional;

/** How a condition compares, without its prefix and suffix. */
enum ConditionOperator {
    STRING_EQUALS("StringEquals", Sense.LISTED, ConditionValue::text),
    STRING_NOT_EQUALS("StringNotEquals", Sense.ALL_BUT_LISTED, ConditionValue::text),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", Sense.LISTED, ConditionValue::textOfAnyCase),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", Sense.ALL_BUT_LISTED, ConditionValue::textOfAnyCase),
    STRING_LIKE("StringLike", Sense.LISTED, ConditionValue::pattern),
    STRING_NOT_LIKE("StringNotLike", Sense.ALL_BUT_LISTED, ConditionValue::pattern),
    ARN_EQUALS("ArnEquals", Sense.LISTED, ConditionValue::arn),
    ARN_NOT_EQUALS("ArnNotEquals", Sense.ALL_BUT_LISTED, ConditionValue::arn),
    ARN_LIKE("ArnLike", Sense.LISTED, ConditionValue::arn),
    ARN_NOT_LIKE("ArnNotLike", Sense.ALL_BUT_LISTED, ConditionValue::arn),
    BOOL("Bool", Sense.LISTED, ConditionValue::bool),
    IP_ADDRESS("IpAddress", Sense.LISTED, ConditionValue::addresses),
    NOT_IP_ADDRESS("NotIpAddress", Sense.ALL_BUT_LISTED, ConditionValue::addresses);

    /** How a listed value is read. */
    @FunctionalInterface
    interface ValueReader {
        ConditionValue read(String text) throws MalformedPolicyException;
    }

    private final String wireName;
    private final Sense sense;

    @SuppressWarnings("ImmutableEnumChecker") // Every reader is a static method.
    private final ValueReader values;

    ConditionOperator(String wireName, Sense sense, ValueReader values) {
        this.wireName = wireName;
        this.sense = sense;
        this.values = values;
    }

    static Optional<ConditionOperator> of(String wireName) {
        return Arrays.stream(values())
                .filter(operator -> operator.wireName.equals(wireName))
                .findAny();
    }

    Sense sense() {
        return sense;
    }

    ConditionValue read(String text) throws MalformedPolicyException {
        return values.read(text);
    }
}
