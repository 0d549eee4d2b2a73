package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.protocol.MessageId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Commands whose calls wait and that may be sent once more: they are, when the connection breaks that took them. No
 * more than calls in flight. Thread-safe.
 */
final class Repetitions {
    private final Departures departures;
    private final Map<MessageId, Sent> repeatable = new ConcurrentHashMap<>();

    /** Sends a command once more. */
    @FunctionalInterface
    interface Again {
        /** May block. */
        void on(Line line);
    }

    /** A command that may be sent once more.
     *
     * @param line where its answer is heard: that which took it last
     */
    private record Sent(Again again, Line line) {}

    /** @param departures the connections that were replaced and still wait for calls */
    Repetitions(Departures departures) {
        this.departures = departures;
    }

    /** Knows a command from now on, until {@link #release}.
     *
     * @param sentOn the line that took it, or that hears its answer
     */
    void add(MessageId id, Line sentOn, Again again) {
        repeatable.put(id, new Sent(again, sentOn));
    }

    /** The command's call has ended. Never blocks. */
    void release(MessageId id) {
        repeatable.remove(id);
    }

    /** Sends once more what went over connections that broke, for nobody knows what they delivered. Never blocks. */
    void repeatLost(Line current) {
        for (MessageId id : repeatable.keySet()) {
            repeatIfLost(id, current);
        }
    }

    /** Sends a command once more if the connection broke that took it. On a thread of its own, for a command waits for
     * its turn. Once for each line, whoever finds that the connection is lost.
     */
    void repeatIfLost(MessageId id, Line current) {
        var unused = repeatable.computeIfPresent(id, (same, sent) -> {
            if (sent.line().equals(current) || isHeard(sent.line())) {
                return sent;
            }
            Thread.ofVirtual().name("mqtt-repetition").start(() -> sent.again().on(current));
            return new Sent(sent.again(), current);
        });
    }

    /** Whether answers still come over a line that was replaced. One that was replaced for its silence does not wait
     * for calls.
     */
    private boolean isHeard(Line replaced) {
        return replaced.channel().isConnected() && departures.has(replaced.channel());
    }
}
