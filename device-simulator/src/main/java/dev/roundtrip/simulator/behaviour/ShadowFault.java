package dev.roundtrip.simulator.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.shadow.OtherProperties;
import dev.roundtrip.device.shadow.ShadowRefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A way in which a device does otherwise than its shadow desires. Composable, see {@link #then} and
 * {@link #sometimes}.
 */
@FunctionalInterface
public interface ShadowFault {

    /** What applies desired values, with the fault in it. */
    OtherProperties distort(OtherProperties honest);

    /** Applies each desired value, and reports it. */
    static OtherProperties honest() {
        return (property, wanted) -> Optional.of(wanted);
    }

    /** No fault. */
    static ShadowFault none() {
        return honest -> honest;
    }

    /** Does so much later what it does; values that are desired meanwhile wait.
     *
     * @param by zero or more
     */
    static ShadowFault late(Duration by, DeviceClock clock) {
        return honest -> (property, wanted) -> {
            try {
                clock.sleepUntil(clock.now().plus(by));
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            return honest.apply(property, wanted);
        };
    }

    /** Refuses each desired value.
     *
     * @param code 400 to 599
     * @throws IllegalArgumentException when the code is another one
     */
    static ShadowFault refusing(int code) {
        var unused = refusal(code);
        return honest -> (property, wanted) -> {
            throw refusal(code);
        };
    }

    private static ShadowRefusedException refusal(int code) {
        return new ShadowRefusedException(code, "this device was told to refuse");
    }

    /** Takes no notice of what is desired. */
    static ShadowFault ignoring() {
        return honest -> (property, wanted) -> Optional.empty();
    }

    /** Reports another value than the one that is desired. */
    static ShadowFault reporting(JsonNode value) {
        return honest -> (property, wanted) -> Optional.of(value);
    }

    /** This fault, and another one on top. */
    default ShadowFault then(ShadowFault next) {
        return honest -> next.distort(distort(honest));
    }

    /** This fault for some desired values only.
     *
     * @param probability 0 to 1
     * @param random who decides; thread-safe when devices share it
     * @throws IllegalArgumentException when the probability is no number from 0 to 1
     */
    default ShadowFault sometimes(double probability, RandomGenerator random) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be 0 to 1, but is " + probability);
        }
        return honest -> {
            OtherProperties faulty = distort(honest);
            return (property, wanted) -> (random.nextDouble() < probability ? faulty : honest).apply(property, wanted);
        };
    }
}
