package dev.roundtrip.device.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes the runtime's futures block, and its failures ours. */
final class Waiting {
    private Waiting() {}

    /** The future's value.
     *
     * @throws TransportException when it fails, or is not there in time
     * @throws InterruptedException when the thread is interrupted
     */
    static <T> T get(CompletableFuture<T> future, Duration atMost, String what)
            throws TransportException, InterruptedException {
        try {
            return future.get(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw TransportException.lost("the broker did not confirm the " + what + " in time");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw TransportException.lost(
                    "the " + what + " failed: " + (cause == null ? failed.getMessage() : cause.getMessage()));
        }
    }
}
