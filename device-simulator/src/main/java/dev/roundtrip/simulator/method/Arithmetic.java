package dev.roundtrip.simulator.method;

import com.fasterxml.jackson.databind.node.DecimalNode;
import dev.roundtrip.device.method.Call;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.protocol.JsonText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Exact arithmetic on an array of numbers, from the left: {@code sub} of {@code [10, 3, 2]} is 5. */
enum Arithmetic implements DeviceMethod {
    ADD {
        @Override
        BigDecimal apply(BigDecimal left, BigDecimal right) {
            return left.add(right);
        }
    },
    SUB {
        @Override
        BigDecimal apply(BigDecimal left, BigDecimal right) {
            return left.subtract(right);
        }
    },
    MUL {
        @Override
        BigDecimal apply(BigDecimal left, BigDecimal right) {
            return left.multiply(right);
        }
    },
    /** Exact when the quotient's digits end, else rounded half to even to 34 digits, or to as many as the longer
     * operand has.
     */
    DIV {
        @Override
        BigDecimal apply(BigDecimal left, BigDecimal right) throws MethodFailedException {
            if (right.signum() == 0) {
                throw new MethodFailedException("division_by_zero", "cannot divide by zero");
            }
            try {
                BigDecimal exact = left.divide(right);
                if (exact.scale() <= Arguments.MAX_DIGITS) {
                    return exact;
                }
            } catch (ArithmeticException endless) {
                // Rounded below.
            }
            int digits = Math.max(34, Math.max(left.precision(), right.precision()));
            return left.divide(right, new MathContext(digits, RoundingMode.HALF_EVEN));
        }
    };

    abstract BigDecimal apply(BigDecimal left, BigDecimal right) throws MethodFailedException;

    @Override
    public JsonText run(JsonText request, Call call) throws MethodFailedException {
        List<BigDecimal> numbers = Arguments.numbers(request);
        BigDecimal result = numbers.getFirst();
        for (BigDecimal number : numbers.subList(1, numbers.size())) {
            result = Arguments.bounded(apply(result, number));
        }
        return JsonText.of(DecimalNode.valueOf(result));
    }
}
