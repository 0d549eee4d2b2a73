package dev.roundtrip.local.check;

import dev.roundtrip.device.transport.CrtMqtt5Transport;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends a device's connection by connecting with its name and certificate: the broker then disconnects the device. */
public final class Takeover implements DeviceCheck.Interruption {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Login login;

    /** @param login the device's own */
    public Takeover(Login login) {
        this.login = login;
    }

    @Override
    public void interrupt() throws DeviceCheck.InterruptionFailedException, InterruptedException {
        Connected connected = new Connected();
        try (CrtNetwork network = new CrtNetwork();
                CrtMqtt5Transport transport = new CrtMqtt5Transport(network, login)) {
            transport.start(connected);
            connected.end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TransportException | ExecutionException refused) {
            throw failed(String.valueOf(refused.getMessage()));
        } catch (TimeoutException late) {
            throw failed("the broker did not answer in time");
        }
    }

    private static DeviceCheck.InterruptionFailedException failed(String why) {
        return new DeviceCheck.InterruptionFailedException(
                "its connection could not be ended, for nobody could connect in its name: " + why);
    }

    private static final class Connected implements TransportListener {
        final CompletableFuture<Void> end = new CompletableFuture<>();

        @Override
        public void connected() {
            end.complete(null);
        }

        @Override
        public void connectFailed(String reason) {
            end.completeExceptionally(new IllegalStateException(reason));
        }

        @Override
        public void disconnected(String reason) {}

        @Override
        public void delivered(Delivery delivery) {}
    }
}
