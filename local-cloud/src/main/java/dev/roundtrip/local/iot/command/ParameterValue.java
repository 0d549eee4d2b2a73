package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** The value of a parameter. Immutable.
 *
 * @param value as the API has it: an unsigned long is a string, bytes are in Base64
 */
record ParameterValue(ParameterType type, JsonNode value) {
    private static final int LONG_BITS = 63;

    /** Reads a value such as {@code {"S":"x"}}.
     *
     * @param name of the parameter, for the refusal
     * @throws Refusal when it is none
     */
    static ParameterValue read(String name, JsonNode given) throws Refusal {
        if (given.isObject() && given.size() == 1) {
            Map.Entry<String, JsonNode> only = given.properties().iterator().next();
            ParameterType type = ParameterType.ofMember(only.getKey()).orElse(null);
            if (type != null && type.takes(only.getValue())) {
                return new ParameterValue(type, only.getValue());
            }
        }
        throw Refusal.invalid(
                "the value of the parameter " + name + " must have exactly one of S, B, I, L, D, BIN, UL, and fit it");
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().set(type.member(), value);
    }

    /** As text within a longer one. */
    String text() {
        return value.asText();
    }

    /** A number, to be compared; for types that are numbers. */
    BigDecimal number() {
        return value.isTextual() ? new BigDecimal(value.textValue()) : value.decimalValue();
    }

    /** As a value of a document, with its own type. */
    JsonNode document() {
        return switch (type) {
            case STRING, INTEGER, LONG, DOUBLE, BOOLEAN -> value;
            case UNSIGNEDLONG -> unsigned(new BigInteger(value.textValue()));
            case BINARY -> {
                try {
                    yield BinaryNode.valueOf(value.binaryValue());
                } catch (IOException checked) {
                    throw new UncheckedIOException(checked);
                }
            }
        };
    }

    private static JsonNode unsigned(BigInteger number) {
        return number.bitLength() <= LONG_BITS
                ? LongNode.valueOf(number.longValueExact())
                : BigIntegerNode.valueOf(number);
    }
}
