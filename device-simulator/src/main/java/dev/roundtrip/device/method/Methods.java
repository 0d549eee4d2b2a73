package dev.roundtrip.device.method;

import dev.roundtrip.protocol.Method;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The methods of a device by name. Immutable; thread-safe when its methods are.
 *
 * @param named those that do something of their own
 * @param otherwise what every other name does
 */
public record Methods(Map<Method, DeviceMethod> named, DeviceMethod otherwise) {

    /** Copies the table. */
    public Methods {
        named = Map.copyOf(named);
    }

    /** {@code echo}, {@code add}, {@code sub}, {@code mul}, {@code div} and {@code sleep}; every other name greets as the AWS sample does.
     *
     * @param clock what {@code sleep} waits on
     * @param random where the greeting's random words come from; must be thread-safe
     */
    public static Methods standard(DeviceClock clock, RandomGenerator random) {
        return new Methods(
                Map.of(
                        new Method("echo"), (request, deadline) -> request,
                        new Method("add"), Arithmetic.ADD,
                        new Method("sub"), Arithmetic.SUB,
                        new Method("mul"), Arithmetic.MUL,
                        new Method("div"), Arithmetic.DIV,
                        new Method("sleep"), new Sleep(clock)),
                new Greeting(random));
    }

    /** The method of that name. */
    public DeviceMethod method(Method name) {
        return named.getOrDefault(name, otherwise);
    }
}
