package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Opens connections, verifies them, and hands calls in flight over to the next one. Thread-safe. */
final class Lines {
    /** How long a living broker may take for the proof; it takes 2 to 6 ms. */
    static final Duration VERIFY_LIMIT = Duration.ofMillis(150);

    /** How long one attempt to connect may take, whoever waits for it. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final MqttChannel.Connector connector;
    private final AnswerAddress address;
    private final PendingAcks pendingAcks;
    private final CallLog log;
    private final Clocks clocks;

    Lines(MqttChannel.Connector connector, AnswerAddress address, Environment environment) {
        this.connector = connector;
        this.address = address;
        this.pendingAcks = environment.pendingAcks();
        this.log = environment.log();
        this.clocks = environment.clocks();
    }

    /** Asks for a sign of life. */
    boolean lives(Line line) {
        if (!line.channel().isOpen()) {
            return false;
        }
        try {
            line.acks().verify(Deadline.after(VERIFY_LIMIT, System::nanoTime));
            return true;
        } catch (MqttException silent) {
            // A refusal is a sign of life, too.
            return line.isWarm(WarmChannel.IDLE_LIMIT);
        }
    }

    /** Opens a connection that hears the answers to the calls that wait now.
     *
     * @throws MqttException when the broker cannot be reached, refuses, or does not answer in time
     */
    Line open(MqttChannel.Listener listener) throws MqttException {
        Deadline limit = Deadline.after(CONNECT_LIMIT, System::nanoTime);
        Clocks.Moment begun = clocks.now();
        MqttChannel channel = connector.open(listener, limit);
        try {
            AckSubscription acks = address.on(channel);
            acks.open(waiting(), limit);
            return new Line(channel, acks, clocks, begun);
        } catch (MqttException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Calls that came while the line was opened may have been sent over the one before: their answers are listened for
     * here.
     */
    void takeOver(Line fresh) {
        Set<MessageId> followed = waiting();
        try {
            fresh.acks().follow(followed, Deadline.after(CONNECT_LIMIT, System::nanoTime));
        } catch (MqttException lost) {
            log.connection("calls in flight may miss their answers: " + lost.getMessage());
        } finally {
            // One that ended before its answer was listened for had nothing to release yet.
            Set<MessageId> waiting = waiting();
            for (MessageId id : followed) {
                if (!waiting.contains(id)) {
                    fresh.acks().release(id);
                }
            }
        }
    }

    /** The calls that wait now. */
    Set<MessageId> waiting() {
        // A cold start comes by here: no stream, whose classes it would wait for.
        Set<MessageId> waiting = new HashSet<>();
        for (Route route : pendingAcks.waiting()) {
            waiting.add(route.id());
        }
        return waiting;
    }
}
