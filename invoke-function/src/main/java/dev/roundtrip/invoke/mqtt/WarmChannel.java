package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps one channel alive over freezes: verifies it after idleness, replaces it when it does not answer. Thread-safe.
 *
 * <p>However many calls want the channel at once, one of them has it verified or replaced, and the others wait for that, each
 * within its own deadline.
 */
final class WarmChannel implements AutoCloseable {
    /** After this much silence the connection must prove that it lives: the process may have been frozen, and its peer gone. */
    static final Duration IDLE_LIMIT = Duration.ofMillis(250);

    /** The same while other calls wait: then it was not frozen, and the silence of a machine that is busy means less. */
    static final Duration BUSY_LIMIT = Duration.ofSeconds(1);

    /** How long a living broker may take for the proof; it takes 2 to 6 ms. */
    static final Duration VERIFY_LIMIT = Duration.ofMillis(150);

    /** How long one attempt to connect may take, whoever waits for it. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /** How long a replaced connection may take to confirm what it was handed. */
    static final Duration RETIRE_LIMIT = Duration.ofSeconds(2);

    private final MqttChannel.Connector connector;
    private final Listening listening;
    private final ClientPrefix prefix;
    private final PendingAcks pendingAcks;
    private final CallLog log;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Line line;
    /** The attempt that goes on, or the last one; null when there is nothing of it to keep. */
    private @Nullable Renewal renewal;

    private boolean closed;

    /** A channel and how answers are heard on it. */
    record Line(MqttChannel channel, AckSubscription acks) {
        boolean isWarm(Duration limit) {
            return channel.isOpen() && channel.silentNanos() < limit.toNanos();
        }
    }

    WarmChannel(
            MqttChannel.Connector connector,
            Listening listening,
            ClientPrefix prefix,
            PendingAcks pendingAcks,
            CallLog log) {
        this.connector = connector;
        this.listening = listening;
        this.prefix = prefix;
        this.pendingAcks = pendingAcks;
        this.log = log;
    }

    /** The line that was last in use, warm or not; null when there is none. Never blocks. */
    @Nullable Line last() {
        return line;
    }

    /** Opens the first line, or joins whoever does.
     *
     * @param meanwhile what there is to do until then
     * @throws MqttException when there is none before the deadline
     */
    void connect(Runnable meanwhile, Deadline deadline) throws MqttException {
        Renewal first = renewal();
        meanwhile.run();
        first.await(deadline);
    }

    /** A line that works, as far as anybody can know.
     *
     * @throws MqttException when there is none before the deadline
     */
    Line warm(Deadline deadline) throws MqttException {
        Line current = line;
        if (current != null && current.isWarm(pendingAcks.count() > 1 ? BUSY_LIMIT : IDLE_LIMIT)) {
            return current;
        }
        long now = System.nanoTime();
        Renewal joined = renewal();
        boolean stale = joined.beganBefore(now);
        try {
            return joined.await(deadline);
        } catch (MqttException failed) {
            if (!stale || deadline.hasPassed() || Thread.currentThread().isInterrupted()) {
                throw failed;
            }
            // It began before this call did: before a freeze, say, which no handshake outlives, or before the broker
            // came back.
            LockSupport.parkNanos(Math.min(Renewal.COOL_DOWN.toNanos(), deadline.remainingNanos()));
            return renewal().await(deadline);
        }
    }

    /** The renewal that goes on now, or a new one. */
    private Renewal renewal() {
        lock.lock();
        try {
            Renewal current = renewal;
            if (current != null && (current.goesOn() || current.isStandingRefusal())) {
                return current;
            }
            Renewal fresh = new Renewal();
            if (closed) {
                fresh.end().completeExceptionally(Renewal.stopping());
                return fresh;
            }
            renewal = fresh;
            // No virtual thread: a flood of calls on those would keep it waiting for its turn, and they wait for it.
            Thread.ofPlatform().name("mqtt-renewal").daemon().start(() -> renew(fresh));
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    private void renew(Renewal own) {
        try {
            Line current = line;
            if (current != null && lives(current)) {
                own.end().complete(current);
                return;
            }
            if (!isWanted(own)) {
                throw Renewal.stopping();
            }
            Line fresh = open();
            if (!adopt(fresh, own)) {
                fresh.channel().close();
                throw Renewal.stopping();
            }
            takeOver(fresh);
            own.end().complete(fresh);
            if (current != null) {
                // Closed last: a slow peer may still bring answers, a silent one takes its time.
                current.channel().retire(Deadline.after(RETIRE_LIMIT, System::nanoTime));
            }
            if (!fresh.channel().isOpen()) {
                listenAgain();
            }
        } catch (MqttException refused) {
            log.connection(String.valueOf(refused.getMessage()));
            own.end().completeExceptionally(refused);
        } catch (RuntimeException | LinkageError defect) {
            log.connection("defect while connecting: " + defect.getClass().getName());
            own.end().completeExceptionally(defect);
        } finally {
            // Whatever it was that went wrong, an Error too: nobody waits for a renewal that is no more.
            own.end().completeExceptionally(Renewal.stopping());
            own.over().complete(null);
        }
    }

    private boolean adopt(Line fresh, Renewal own) {
        lock.lock();
        try {
            boolean wanted = isWanted(own);
            if (wanted) {
                line = fresh;
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWanted(Renewal own) {
        lock.lock();
        try {
            return own.equals(renewal);
        } finally {
            lock.unlock();
        }
    }

    private static boolean lives(Line line) {
        if (!line.channel().isOpen()) {
            return false;
        }
        try {
            line.acks().verify(Deadline.after(VERIFY_LIMIT, System::nanoTime));
            return true;
        } catch (MqttException silent) {
            // A refusal is a sign of life, too.
            return line.isWarm(IDLE_LIMIT);
        }
    }

    private Line open() throws MqttException {
        Deadline limit = Deadline.after(CONNECT_LIMIT, System::nanoTime);
        MqttChannel channel = connector.open(new Ears(), limit);
        try {
            AckSubscription acks = listening.on(channel, prefix);
            acks.open(waiting(), limit);
            return new Line(channel, acks);
        } catch (MqttException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Calls that came while the line was opened may have been sent over the one before: their answers are listened for here. */
    private void takeOver(Line fresh) {
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

    private Set<MessageId> waiting() {
        // A cold start comes by here: no stream, whose classes it would wait for.
        Set<MessageId> waiting = new HashSet<>();
        for (Route route : pendingAcks.waiting()) {
            waiting.add(route.id());
        }
        return waiting;
    }

    /** The answers to calls that wait may still come, to whoever listens then. */
    private void listenAgain() {
        if (!pendingAcks.waiting().isEmpty()) {
            var ignored = renewal();
        }
    }

    /** Disconnects, and connects again when the next call wants it. After it nothing is connected, and nothing of a connection is kept. */
    void disconnect() {
        Renewal last = drop();
        if (last != null) {
            // What it opens, it closes, for it is not wanted any more.
            last.over().join();
        }
    }

    private @Nullable Renewal drop() {
        Line current;
        Renewal last;
        lock.lock();
        try {
            current = line;
            last = renewal;
            line = null;
            renewal = null;
        } finally {
            lock.unlock();
        }
        if (current != null) {
            current.channel().close();
        }
        return last;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        drop();
    }

    /** What a channel tells. */
    private final class Ears implements MqttChannel.Listener {
        @Override
        public void received(String topic, byte[] payload) {
            pendingAcks.deliver(topic, payload);
        }

        @Override
        public void lost(String why) {
            log.connection("the connection was lost: " + why);
            listenAgain();
        }
    }
}
