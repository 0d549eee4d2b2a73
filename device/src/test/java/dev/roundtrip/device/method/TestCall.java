package dev.roundtrip.device.method;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.TraceParent;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A call outside of a device.
 *
 * @param clock what time it is
 */
public record TestCall(MessageId id, Method method, Instant deadline, DeviceClock clock) implements Call {

    /** A call of some method, with this deadline. */
    public static TestCall until(Instant deadline, DeviceClock clock) {
        return new TestCall(MessageId.random(), new Method("do"), deadline, clock);
    }

    @Override
    public ClientPrefix deployment() {
        return new ClientPrefix("gw");
    }

    @Override
    public @Nullable TraceParent trace() {
        return null;
    }

    @Override
    public Duration remaining() {
        return Duration.between(clock.now(), deadline);
    }

    @Override
    public boolean isAbandoned() {
        return clock.now().isAfter(deadline);
    }
}
