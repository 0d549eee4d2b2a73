package dev.roundtrip.device.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds out whether a login works: connects once, and disconnects. A connection of the same client id that stands is
 * ended by the broker, and comes back by itself.
 */
public final class ConnectionTrial {
    private ConnectionTrial() {}

    /** Whether the broker takes the login.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public static boolean works(Login login, Duration atMost) throws InterruptedException {
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
            return outcome.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TransportException | TimeoutException | ExecutionException refused) {
            return false;
        }
    }
}
