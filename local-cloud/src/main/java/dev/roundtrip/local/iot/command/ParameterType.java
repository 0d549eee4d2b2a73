package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** The types of parameters, and the member of a value that has a value of the type.
 *
 * <p>Source: {@code CommandParameterType}, {@code CommandParameterValue} of service model {@code iot-2015-05-28}.
 */
enum ParameterType {
    STRING("S", Kind.TEXT, value -> value.isTextual() && !value.textValue().isEmpty()),
    INTEGER("I", Kind.NUMBER, value -> value.isIntegralNumber() && value.canConvertToInt()),
    LONG("L", Kind.NUMBER, value -> value.isIntegralNumber() && value.canConvertToLong()),
    DOUBLE("D", Kind.NUMBER, value -> value.isNumber() && Double.isFinite(value.doubleValue())),
    UNSIGNEDLONG("UL", Kind.NUMBER, ParameterType::isUnsignedLong),
    BOOLEAN("B", Kind.OTHER, JsonNode::isBoolean),
    BINARY("BIN", Kind.OTHER, ParameterType::isBase64);

    /** What can be compared. */
    enum Kind {
        TEXT,
        NUMBER,
        /** Has no conditions. */
        OTHER
    }

    private static final BigInteger MAX_UNSIGNED_LONG =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final String member;
    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // A method, without a state.
    private final Predicate<JsonNode> values;

    ParameterType(String member, Kind kind, Predicate<JsonNode> values) {
        this.member = member;
        this.kind = kind;
        this.values = values;
    }

    String member() {
        return member;
    }

    Kind kind() {
        return kind;
    }

    boolean takes(JsonNode value) {
        return values.test(value);
    }

    static Optional<ParameterType> ofMember(String member) {
        return Arrays.stream(values())
                .filter(type -> type.member.equals(member))
                .findFirst();
    }

    static Optional<ParameterType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    private static boolean isUnsignedLong(JsonNode value) {
        return value.isTextual()
                && value.textValue().matches("[0-9]{1,20}")
                && new BigInteger(value.textValue()).compareTo(MAX_UNSIGNED_LONG) <= 0;
    }

    private static boolean isBase64(JsonNode value) {
        try {
            return value.isTextual() && value.binaryValue().length > 0;
        } catch (IOException malformed) {
            return false;
        }
    }
}
