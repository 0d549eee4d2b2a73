package dev.roundtrip.local.faults;

import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.CrtMqtt5Transport;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Route;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A device that answers what others were asked: under their name, which its policy forbids, and then under its own,
 * for which nobody waits. Thread-safe.
 */
final class Forger implements AutoCloseable {
    private static final String LIE = "forged";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_AT_ONCE = 16;

    private final Login login;
    private final Consumer<String> complaints;
    private final CrtNetwork network = new CrtNetwork();
    private final DeviceTransport transport;
    private final Semaphore atOnce = new Semaphore(MAX_AT_ONCE);
    private final Set<Thread> liars = ConcurrentHashMap.newKeySet();
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile boolean connected;
    private volatile @Nullable String failure;
    private volatile boolean closed;

    /** Connects by and by.
     *
     * @throws TransportException when its files cannot be used
     */
    Forger(Login login, Consumer<String> complaints) throws TransportException {
        this.login = login;
        this.complaints = complaints;
        try {
            this.transport = new CrtMqtt5Transport(network, login);
        } catch (TransportException unusable) {
            network.close();
            throw unusable;
        }
        transport.start(new Following());
    }

    /** Waits until it was connected once, or {@link #giveUp} is called.
     *
     * @return false when neither came in time
     */
    boolean awaitConnection(Duration atMost) throws InterruptedException {
        return settled.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends {@link #awaitConnection}. */
    void giveUp() {
        settled.countDown();
    }

    /** Why the last attempt to connect failed, one sentence; null when none did. */
    @Nullable String failure() {
        return failure;
    }

    /** Answers a request that was meant for somebody else; returns at once.
     *
     * @param refused called when the broker refuses the answer in the other's name
     * @return false when the request was meant for this device, there is too much to do, or it is closed: no answer
     *     comes
     */
    boolean answer(Route asked, Runnable refused) {
        if (closed || asked.target().equals(login.clientId()) || !atOnce.tryAcquire()) {
            return false;
        }
        Thread liar = Thread.ofVirtual().name("forger").unstarted(() -> {
            try {
                lie(asked, asked, refused);
                lie(asked, new Route(asked.prefix(), asked.wireId(), login.clientId(), asked.method()), refused);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            } finally {
                liars.remove(Thread.currentThread());
                atOnce.release();
            }
        });
        liars.add(liar);
        liar.start();
        return true;
    }

    private void lie(Route asked, Route pretended, Runnable refused) throws InterruptedException {
        if (closed) {
            return;
        }
        byte[] payload = new AnswerMessage.Answered(asked.wireId().toString(), JsonText.string(LIE)).encode();
        boolean isForeign = pretended.equals(asked);
        try {
            transport.publish(
                    new Answer(pretended.answerTopic(), payload, Delivery.NO_CORRELATION, PATIENCE), PATIENCE);
            if (isForeign) {
                complaints.accept("the broker let " + login.clientId() + " answer for " + asked.target());
            }
        } catch (TransportException notTaken) {
            if (isForeign && notTaken.isRefusal()) {
                refused.run();
            }
        }
    }

    /** Ends the answers that are under way, then the connection. */
    @Override
    public void close() {
        closed = true;
        giveUp();
        liars.forEach(Thread::interrupt);
        try {
            // Two answers, one after the other. The native client must not be freed while it publishes.
            var unused = atOnce.tryAcquire(MAX_AT_ONCE, 3 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // Before the transport's end, which ends the connection too.
        boolean wasConnected = connected;
        transport.close();
        if (wasConnected) {
            network.close();
        } else {
            network.abandon();
        }
    }

    /** Follows the connection; the client comes back from each loss by itself. */
    private final class Following implements TransportListener {
        @Override
        public void connected() {
            connected = true;
            settled.countDown();
        }

        @Override
        public void connectFailed(String reason) {
            failure = reason;
        }

        @Override
        public void disconnected(String reason) {
            connected = false;
        }

        @Override
        public void delivered(Delivery delivery) {}
    }
}
