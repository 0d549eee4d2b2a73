package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.MessageId;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connections that were replaced and are still open: nothing is sent on them any more, and answers may still come.
 * Thread-safe.
 *
 * <p>Each stays until the calls that were sent over it have ended, which their own deadlines bound; then until it has
 * confirmed what it was handed.
 */
final class Departures {
    /** How long a replaced connection may take to confirm what it was handed. */
    static final Duration RETIRE_LIMIT = Duration.ofSeconds(2);

    private final ConcurrentLinkedQueue<Departure> departures = new ConcurrentLinkedQueue<>();

    private static final class Departure {
        private final MqttChannel channel;
        private final CompletableFuture<@Nullable Void> over;
        /** Those that have not ended yet. */
        private final Set<MessageId> calls = ConcurrentHashMap.newKeySet();

        Departure(MqttChannel channel, CompletableFuture<@Nullable Void> over) {
            this.channel = channel;
            this.over = over;
        }
    }

    /** Closes a connection when the calls that wait now have ended, each of which is told to {@link #ended} after it
     * waits no more.
     *
     * @param channel takes no more calls already
     * @param over completed when it is closed
     * @param waiting the calls to wait for, as they are when it is asked
     */
    void add(
            MqttChannel channel,
            CompletableFuture<@Nullable Void> over,
            Supplier<? extends Collection<MessageId>> waiting) {
        Departure departure = new Departure(channel, over);
        departure.calls.addAll(waiting.get());
        departures.add(departure);
        // Those that ended on the way were told of before anybody listened here.
        departure.calls.retainAll(waiting.get());
        closeIfIdle(departure);
    }

    /** Whether a connection still waits for calls. Never blocks. */
    boolean has(MqttChannel channel) {
        for (Departure departure : departures) {
            if (departure.channel.equals(channel)) {
                return true;
            }
        }
        return false;
    }

    /** A call has ended. Never blocks. */
    void ended(MessageId id) {
        for (Departure departure : departures) {
            if (departure.calls.remove(id)) {
                closeIfIdle(departure);
            }
        }
    }

    private void closeIfIdle(Departure departure) {
        if (departure.calls.isEmpty() && departures.remove(departure)) {
            Thread.ofVirtual().name("mqtt-retirement").start(() -> {
                try {
                    departure.channel.retire(Deadline.after(RETIRE_LIMIT, System::nanoTime));
                } finally {
                    departure.over.complete(null);
                }
            });
        }
    }

    /** Closes all of them now, whatever they wait for. */
    void close() {
        for (Departure departure = departures.poll(); departure != null; departure = departures.poll()) {
            departure.channel.close();
            departure.over.complete(null);
        }
    }
}
