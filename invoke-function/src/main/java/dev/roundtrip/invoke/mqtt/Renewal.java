package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One attempt to have a line that works. Thread-safe. */
final class Renewal {
    /** A refusal stands for this long after the attempt began, so that a flood of calls is not a flood of connects. */
    static final Duration COOL_DOWN = Duration.ofMillis(100);

    private final long began = System.nanoTime();
    private final CompletableFuture<Line> end = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    /** The line, or why there is none. */
    CompletableFuture<Line> end() {
        return end;
    }

    /** Done when nothing is open any more that the attempt opened and nobody took, or that it replaced. */
    CompletableFuture<@Nullable Void> over() {
        return over;
    }

    boolean goesOn() {
        return !end.isDone();
    }

    boolean beganBefore(long nanoTime) {
        return began - nanoTime < 0;
    }

    boolean isStandingRefusal() {
        return end.isCompletedExceptionally() && System.nanoTime() - began < COOL_DOWN.toNanos();
    }

    /** Waits for its end.
     *
     * @throws MqttException when there is no line, or none before the deadline
     */
    Line await(Deadline deadline) throws MqttException {
        try {
            return end.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof MqttException refused
                    ? refused
                    : new MqttException(MqttException.Kind.UNAVAILABLE, "the broker could not be reached");
        } catch (TimeoutException late) {
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "there was no connection to the broker in time");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw stopping();
        }
    }

    static MqttException stopping() {
        return new MqttException(MqttException.Kind.UNAVAILABLE, "the function is stopping");
    }
}
