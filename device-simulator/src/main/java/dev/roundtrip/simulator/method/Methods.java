package dev.roundtrip.simulator.method;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Method;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods of a device by name. Immutable; thread-safe when its methods are.
 *
 * @param named those that do something of their own
 * @param otherwise what every other name does, null when the device has no other
 */
public record Methods(
        Map<Method, DeviceMethod> named, @Nullable DeviceMethod otherwise) {

    /** Copies the table. */
    public Methods {
        named = Map.copyOf(named);
    }

    /** {@code greet}, {@code echo}, {@code add}, {@code sub}, {@code mul}, {@code div} and {@code sleep}.
     *
     * @param clock what {@code sleep} waits on
     * @param random where the greeting's random words come from; must be thread-safe
     */
    public static Methods standard(DeviceClock clock, RandomGenerator random) {
        return new Methods(
                Map.of(
                        new Method("greet"), new Greeting(random),
                        new Method("echo"), (request, call) -> request,
                        new Method("add"), Arithmetic.ADD,
                        new Method("sub"), Arithmetic.SUB,
                        new Method("mul"), Arithmetic.MUL,
                        new Method("div"), Arithmetic.DIV,
                        new Method("sleep"), new Sleep(clock)),
                null);
    }

    /** The standard ones; every other name greets, as every name does at the AWS sample's device.
     *
     * @param clock what {@code sleep} waits on
     * @param random where the greeting's random words come from; must be thread-safe
     */
    public static Methods asSample(DeviceClock clock, RandomGenerator random) {
        return new Methods(standard(clock, random).named, new Greeting(random));
    }

    /** The method of that name; empty when the device has none. */
    public Optional<DeviceMethod> method(Method name) {
        return Optional.ofNullable(named.getOrDefault(name, otherwise));
    }

    /** What a caller is told that asks for a method which the device does not have. */
    public DeviceRefusal unknown(Method name) {
        String names = named.keySet().stream().map(Method::value).sorted().collect(Collectors.joining(", "));
        return new DeviceRefusal(DeviceRefusal.UNKNOWN_METHOD, "there is no method '" + name + "'; there are " + names);
    }
}
