package dev.roundtrip.device.transport;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Finds out whether a login works: connects, subscribes, and disconnects. A connection of the same client id that
 * stands is ended by the broker, and comes back by itself, which ends this one: it comes back too, until all is tried.
 */
public final class ConnectionTrial {
    /** Our choice. */
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private ConnectionTrial() {}

    /** Whether the broker takes the login, and lets it subscribe.
     *
     * @param filters the topic filters without which the device is of no use
     * @param atMost for all of it; a login that cannot connect is tried for so long
     * @throws InterruptedException when the thread is interrupted
     */
    public static boolean works(Login login, List<String> filters, Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        CountDownLatch connection = new CountDownLatch(1);
        try (CrtNetwork network = new CrtNetwork();
                DeviceTransport transport = new CrtMqtt5Transport(network, login)) {
            transport.start(new TransportListener() {
                @Override
                public void connected() {
                    connection.countDown();
                }

                @Override
                public void connectFailed(String reason) {}

                @Override
                public void disconnected(String reason) {}

                @Override
                public void delivered(Delivery delivery) {}
            });
            if (!connection.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            for (String filter : filters) {
                if (!subscribes(transport, filter, until)) {
                    return false;
                }
            }
            return true;
        } catch (TransportException unusable) {
            return false;
        }
    }

    private static boolean subscribes(DeviceTransport transport, String filter, long until)
            throws InterruptedException {
        while (true) {
            Duration left = Duration.ofNanos(until - System.nanoTime());
            try {
                transport.subscribe(filter, left);
                return true;
            } catch (TransportException failed) {
                if (failed.isRefusal() || left.compareTo(BETWEEN_TRIES) <= 0) {
                    return false;
                }
            }
            Thread.sleep(BETWEEN_TRIES);
        }
    }
}
