package dev.roundtrip.device.transport;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds out whether a login works: connects once, subscribes, and disconnects. A connection of the same client id that
 * stands is ended by the broker, and comes back by itself.
 */
public final class ConnectionTrial {
    private ConnectionTrial() {}

    /** Whether the broker takes the login, and lets it subscribe.
     *
     * @param filters the topic filters without which the device is of no use
     * @param atMost for all of it
     * @throws InterruptedException when the thread is interrupted
     */
    public static boolean works(Login login, List<String> filters, Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        try (CrtNetwork network = new CrtNetwork();
                DeviceTransport transport = new CrtMqtt5Transport(network, login)) {
            transport.start(new TransportListener() {
                @Override
                public void connected() {
                    outcome.complete(true);
                }

                @Override
                public void connectFailed(String reason) {
                    outcome.complete(false);
                }

                @Override
                public void disconnected(String reason) {
                    outcome.complete(false);
                }

                @Override
                public void delivered(Delivery delivery) {}
            });
            if (!outcome.get(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            for (String filter : filters) {
                transport.subscribe(filter, Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            }
            return true;
        } catch (TransportException | TimeoutException | ExecutionException refused) {
            return false;
        }
    }
}
