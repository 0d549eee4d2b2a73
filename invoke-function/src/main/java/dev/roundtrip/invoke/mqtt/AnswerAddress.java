package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Instance;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where answers are addressed to, and how they are subscribed on each connection. Thread-safe.
 *
 * <p>A connection that replaces another takes over its instance, and so hears the answers to the calls that were sent
 * over the other.
 */
final class AnswerAddress {
    private final Listening listening;
    private final ClientPrefix prefix;

    /** Drawn when it is first asked for, so that no snapshot of the process holds it. */
    private final AtomicReference<@Nullable Instance> own = new AtomicReference<>();

    AnswerAddress(Listening listening, ClientPrefix prefix) {
        this.listening = listening;
        this.prefix = prefix;
    }

    /** The instance that calls name now; null where they name none. */
    @Nullable Instance instance() {
        return switch (listening) {
            case PER_CALL, SHARED -> null;
            case INSTANCE -> own();
        };
    }

    private Instance own() {
        Instance drawn = own.get();
        if (drawn != null) {
            return drawn;
        }
        Instance fresh = Instance.random();
        Instance earlier = own.compareAndExchange(null, fresh);
        return earlier == null ? fresh : earlier;
    }

    /** Gives the instance up; the next one is another. */
    void forget() {
        own.set(null);
    }

    /** How answers are heard on a channel. */
    AckSubscription on(MqttChannel channel) {
        return switch (listening) {
            case PER_CALL -> new PerCall(channel, prefix);
            case SHARED -> new Wildcard(channel, prefix);
            case INSTANCE -> new Wildcard(channel, prefix, own());
        };
    }
}
