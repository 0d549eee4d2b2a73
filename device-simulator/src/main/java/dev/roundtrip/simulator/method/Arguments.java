package dev.roundtrip.simulator.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Requests as numbers. A text that holds JSON counts as that JSON, because a GET can send nothing but text. */
final class Arguments {
    /** The code of an error about a request that makes no sense. */
    static final String INVALID = "invalid_arguments";

    /** The code of an error about a number beyond what is counted with. */
    static final String OUT_OF_RANGE = "out_of_range";

    /** The most digits before the decimal point, and after it, of any number taken or given. */
    static final int MAX_DIGITS = 1_000;

    /** The most numbers in one request. */
    static final int MAX_NUMBERS = 10_000;

    private Arguments() {}

    /** One to {@link #MAX_NUMBERS} numbers. */
    static List<BigDecimal> numbers(JsonText request) throws MethodFailedException {
        JsonNode given = request.tree();
        if (!(meant(given) instanceof ArrayNode array)) {
            throw new MethodFailedException(INVALID, "request must be an array of numbers, but is " + kind(given));
        }
        if (array.isEmpty() || array.size() > MAX_NUMBERS) {
            throw new MethodFailedException(
                    INVALID, "request must have 1 to " + MAX_NUMBERS + " numbers, but has " + array.size());
        }
        List<BigDecimal> numbers = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            if (!element.isNumber()) {
                throw new MethodFailedException(
                        INVALID,
                        "request must be an array of numbers, but has " + kind(element) + " at position "
                                + (numbers.size() + 1));
            }
            numbers.add(bounded(element.decimalValue()));
        }
        return numbers;
    }

    /** One number. */
    static BigDecimal number(JsonText request, String unit) throws MethodFailedException {
        JsonNode given = request.tree();
        JsonNode meant = meant(given);
        if (!meant.isNumber()) {
            throw new MethodFailedException(INVALID, "request must be a number of " + unit + ", but is " + kind(given));
        }
        return bounded(meant.decimalValue());
    }

    /** The same number, when it has at most {@link #MAX_DIGITS} digits on either side of the point. */
    static BigDecimal bounded(BigDecimal number) throws MethodFailedException {
        if (number.signum() == 0 && number.scale() < 0) {
            return BigDecimal.ZERO;
        }
        long digitsBefore = (long) number.precision() - number.scale();
        if (digitsBefore > MAX_DIGITS || number.scale() > MAX_DIGITS) {
            throw new MethodFailedException(
                    OUT_OF_RANGE,
                    "numbers may have " + MAX_DIGITS + " digits before and " + MAX_DIGITS + " after the decimal point");
        }
        return number;
    }

    private static JsonNode meant(JsonNode request) {
        if (!request.isTextual()) {
            return request;
        }
        try {
            return Json.read(request.textValue().getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException notJson) {
            return request;
        }
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
