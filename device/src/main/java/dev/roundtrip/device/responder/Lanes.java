package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.Method;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which methods share a lane, and in which lanes nothing overlaps.
 *
 * @param joined the lane of each method that is in one with others; any other method is a lane of its own
 * @param serial the lanes in which requests without a sequence take their turn too
 * @param everything whether all requests of the device take their turn, one after the other
 */
public record Lanes(Map<Method, Method> joined, Set<Method> serial, Overlap everything) {
    /** Each method is a lane of its own, and requests without a sequence overlap. */
    public static final Lanes EACH_ITS_OWN = new Lanes(Map.of(), Set.of(), Overlap.PARALLEL);

    private static final String THE_ONLY_QUEUE = "*";

    /** Whether calls of a device overlap. */
    public enum Overlap {
        /** They do, except ordered ones of one lane. */
        PARALLEL,
        /** One begins when the one before has ended. */
        SERIAL
    }

    /** Copies both. */
    public Lanes {
        joined = Map.copyOf(joined);
        serial = Set.copyOf(serial);
    }

    /** The lane of a method. */
    public Method of(Method method) {
        return joined.getOrDefault(method, method);
    }

    /** Where a command waits for its turn; null when it need not wait. */
    @Nullable String queueOf(Command command) {
        if (everything == Overlap.SERIAL) {
            return THE_ONLY_QUEUE;
        }
        Method lane = of(command.method());
        return command.order() != null || serial.contains(lane) ? lane.value() : null;
    }

    /** The queue of a lane itself. */
    String queueOf(Method lane) {
        return everything == Overlap.SERIAL ? THE_ONLY_QUEUE : lane.value();
    }
}
