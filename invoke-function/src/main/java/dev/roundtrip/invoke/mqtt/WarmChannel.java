package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.protocol.Instance;
import dev.roundtrip.protocol.MessageId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps one channel alive over freezes: verifies it after idleness, replaces it when it does not answer. Thread-safe.
 *
 * <p>However many calls want the channel at once, one of them has it verified or replaced, and the others wait for
 * that, each within its own deadline.
 */
final class WarmChannel implements AutoCloseable {
    /** After this much silence the connection must prove that it lives: the process may have been frozen, and its peer
     * gone.
     */
    static final Duration IDLE_LIMIT = Duration.ofMillis(250);

    /** The same while other calls wait: then it was not frozen, and the silence of a machine that is busy means less.
     */
    static final Duration BUSY_LIMIT = Duration.ofSeconds(1);

    /** After a refusal the connection that still works is not tried to be replaced for this long. */
    private static final Duration REPLACEMENT_PAUSE = Duration.ofMinutes(1);

    /** The longest pause between two attempts for calls that wait; the first is a {@link Renewal#COOL_DOWN}, each next
     * one twice as long.
     */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final AnswerAddress address;
    private final Lines lines;
    private final PendingAcks pendingAcks;
    private final CallLog log;
    private final Clocks clocks;
    private final Departures departures = new Departures();
    private final Repetitions repetitions = new Repetitions(departures);
    private final AnswerListener listener = new AnswerListener();

    /** No virtual thread: a flood of calls on those would keep it waiting for its turn, and they wait for it. Made
     * once, for connections are
     * verified after each quarter of a second of silence. */
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("mqtt-renewal").daemon().factory());

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Line line;
    /** The attempt that goes on, or the last one; null when there is nothing of it to keep. */
    private @Nullable Renewal renewal;

    private boolean closed;

    /** When the last attempt to replace an old connection failed; null when it did not. */
    private volatile Clocks.@Nullable Moment notReplaced;

    /** Attempts in a row that failed. */
    private final AtomicInteger failures = new AtomicInteger();

    WarmChannel(MqttChannel.Connector connector, Listening listening, Environment environment) {
        this.address = new AnswerAddress(listening, environment.prefix());
        this.lines = new Lines(connector, address, environment);
        this.pendingAcks = environment.pendingAcks();
        this.log = environment.log();
        this.clocks = environment.clocks();
    }

    /** The line that was last in use, warm or not; null when there is none. Never blocks. */
    @Nullable Line last() {
        return line;
    }

    /** The instance that calls name now; null where they name none. Never blocks. */
    @Nullable Instance instance() {
        return address.instance();
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
            if (!isToBeReplaced(current)) {
                return current;
            }
            renewal();
            if (!current.isOlderThan(Line.MAX_AGE)) {
                return current;
            }
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
            worker.execute(() -> renew(fresh));
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    private void renew(Renewal own) {
        boolean departing = false;
        try {
            Line current = line;
            boolean outlived = current != null && current.channel().isOpen() && isToBeReplaced(current);
            if (current != null && !outlived && lines.lives(current)) {
                own.end().complete(current);
                return;
            }
            if (!isWanted(own)) {
                throw Renewal.stopping();
            }
            Line fresh = outlived && current != null ? replacement(current) : lines.open(listener);
            if (fresh.equals(current)) {
                own.end().complete(current);
                return;
            }
            if (!adopt(fresh, own)) {
                fresh.channel().close();
                throw Renewal.stopping();
            }
            failures.set(0);
            notReplaced = null;
            lines.takeOver(fresh);
            own.end().complete(fresh);
            if (current != null) {
                departing = true;
                current.channel().leave();
                // Closed last: a slow peer may still bring answers, a silent one takes its time.
                departures.add(current.channel(), own.over(), outlived && isWanted(own) ? lines::waiting : Set::of);
            }
            // After that: what was sent over a connection that still waits for its calls is not lost.
            repetitions.repeatLost(fresh);
            if (!fresh.channel().isOpen()) {
                listenAgain();
            }
        } catch (MqttException refused) {
            log.connection(String.valueOf(refused.getMessage()));
            own.end().completeExceptionally(refused);
            listenAgainLater();
        } catch (RuntimeException | LinkageError defect) {
            log.connection("defect while connecting: " + defect.getClass().getName());
            own.end().completeExceptionally(defect);
            listenAgainLater();
        } finally {
            // Whatever it was that went wrong, an Error too: nobody waits for a renewal that is no more.
            own.end().completeExceptionally(Renewal.stopping());
            if (!departing) {
                own.over().complete(null);
            }
        }
    }

    /** Has a command sent once more when the connection breaks before its call ends, until {@link #release}.
     *
     * @param sentOn the line that took it, or that hears its answer
     */
    void repeat(MessageId id, Line sentOn, Repetitions.Again again) {
        repetitions.add(id, sentOn, again);
        Line current = line;
        if (current != null) {
            // The line may have broken before this command was known to be repeatable.
            repetitions.repeatIfLost(id, current);
        }
    }

    /** Whether a connection is so old that the broker will close it before long. */
    private boolean isToBeReplaced(Line current) {
        Clocks.Moment failed = notReplaced;
        return current.isOlderThan(Line.RENEWAL_AGE)
                && (failed == null || clocks.mayHavePassed(REPLACEMENT_PAUSE, failed));
    }

    /** A new connection in the place of one that is old; the old one where there is none, and it still works. */
    private Line replacement(Line old) throws MqttException {
        try {
            return lines.open(listener);
        } catch (MqttException refused) {
            notReplaced = clocks.now();
            if (lines.lives(old)) {
                log.connection("the old connection is not replaced yet: " + refused.getMessage());
                return old;
            }
            throw refused;
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

    /** The answers to calls that wait may still come, to whoever listens then. */
    private void listenAgain() {
        if (pendingAcks.count() > 0) {
            var ignored = renewal();
        }
    }

    /** The same after a pause, when the last attempt failed: the broker may be back while they still wait. */
    private void listenAgainLater() {
        int inARow = failures.incrementAndGet();
        if (pendingAcks.count() == 0) {
            return;
        }
        Line failed = line;
        long pause = Math.min(Renewal.COOL_DOWN.toNanos() << Math.min(inARow - 1, 10), LONGEST_PAUSE.toNanos());
        Thread.ofVirtual().name("mqtt-patience").start(() -> {
            LockSupport.parkNanos(pause);
            Line current = line;
            // That it is open still says nothing of one that did not answer.
            if (current == null || current.equals(failed) || !current.channel().isOpen()) {
                listenAgain();
            }
        });
    }

    /** A call has ended: nobody needs to hear of it any more. Never blocks. */
    void release(MessageId id) {
        repetitions.release(id);
        Line current = line;
        if (current != null) {
            current.acks().release(id);
        }
        departures.ended(id);
    }

    /** Disconnects, and connects again when the next call wants it. After it nothing is connected, and nothing of a
     * connection is kept.
     */
    void disconnect() {
        Renewal last = drop();
        if (last != null) {
            // What it opens, it closes, for it is not wanted any more.
            last.over().join();
            forgetAddressIfUnused();
        }
    }

    /** The attempt that was given up may have drawn another instance, for a connection that nobody wants. */
    private void forgetAddressIfUnused() {
        lock.lock();
        try {
            if (renewal == null) {
                address.forget();
            }
        } finally {
            lock.unlock();
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
            address.forget();
        } finally {
            lock.unlock();
        }
        if (current != null) {
            current.channel().close();
        }
        departures.close();
        return last;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            worker.shutdown();
        } finally {
            lock.unlock();
        }
        drop();
    }

    /** What a channel tells. */
    private final class AnswerListener implements MqttChannel.Listener {
        @Override
        public boolean received(String topic, byte[] payload) {
            return pendingAcks.deliver(topic, payload);
        }

        @Override
        public void lost(String why) {
            log.connection("the connection was lost: " + why);
            Line current = line;
            if (current != null && current.channel().isOpen()) {
                // It was replaced before, and calls that were sent over it may wait.
                repetitions.repeatLost(current);
            } else {
                listenAgain();
            }
        }
    }
}
