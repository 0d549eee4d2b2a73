package dev.roundtrip.device.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.crt.CrtRuntimeException;

/** Makes the runtime's futures block, and its failures ours. */
final class Waiting {
    private Waiting() {}

    /** The value of a future.
     *
     * @param begun begins what is waited for
     * @throws TransportException when it fails, or is not there in time, or the transport is closed
     * @throws InterruptedException when the thread is interrupted
     */
    static <T> T get(Supplier<CompletableFuture<T>> begun, Duration atMost, String what)
            throws TransportException, InterruptedException {
        try {
            return begun.get().get(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
        } catch (CrtRuntimeException closed) {
            throw TransportException.lost("the " + what + " failed: " + closed.getMessage());
        } catch (TimeoutException late) {
            throw TransportException.lost("the broker did not confirm the " + what + " in time");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw TransportException.lost(
                    "the " + what + " failed: " + (cause == null ? failed.getMessage() : cause.getMessage()));
        }
    }
}
