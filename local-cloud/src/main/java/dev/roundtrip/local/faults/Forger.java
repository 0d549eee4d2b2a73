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
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A device that answers what others were asked: under their name, which its policy forbids, and then under its own,
 * for which nobody
 * waits. Thread-safe. */
final class Forger implements AutoCloseable {
    private static final String LIE = "forged";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_AT_ONCE = 16;

    private final Login login;
    private final Consumer<String> count;
    private final Consumer<String> complaints;
    private final CrtNetwork network = new CrtNetwork();
    private final DeviceTransport transport;
    private final Semaphore atOnce = new Semaphore(MAX_AT_ONCE);

    /** Connects by and by.
     *
     * @throws TransportException when its files cannot be used
     */
    Forger(Login login, Consumer<String> count, Consumer<String> complaints) throws TransportException {
        this.login = login;
        this.count = count;
        this.complaints = complaints;
        try {
            this.transport = new CrtMqtt5Transport(network, login);
        } catch (TransportException unusable) {
            network.close();
            throw unusable;
        }
        transport.start(TransportListener.DEAF);
    }

    /** Answers a request that was meant for somebody else; returns at once, and does nothing when there is too much to
     * do.
     */
    void answer(Route asked) {
        if (!asked.target().equals(login.clientId()) && atOnce.tryAcquire()) {
            Thread.ofVirtual().name("forger").start(() -> {
                try {
                    lie(asked, asked);
                    lie(asked, new Route(asked.prefix(), asked.wireId(), login.clientId(), asked.method()));
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                } finally {
                    atOnce.release();
                }
            });
        }
    }

    private void lie(Route asked, Route pretended) throws InterruptedException {
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
                count.accept("forge.refused");
            }
        }
    }

    @Override
    public void close() {
        transport.close();
        network.close();
    }
}
