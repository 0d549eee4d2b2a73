package dev.roundtrip.local.lambda;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One call of the function, from the event to its end. Thread-safe; one thread awaits.
 *
 * @param id {@code Lambda-Runtime-Aws-Request-Id}
 * @param functionArn {@code Lambda-Runtime-Invoked-Function-Arn}
 * @param event the event's JSON
 * @param deadlineMillis when it is over, in milliseconds since 1970
 * @param end its answer's JSON, or a {@link FunctionFailedException}
 */
record Invocation(String id, String functionArn, String event, long deadlineMillis, CompletableFuture<String> end) {

    void answered(String answer) {
        end.complete(answer);
    }

    void failed(String why) {
        end.completeExceptionally(new FunctionFailedException(why));
    }

    /** Waits for the end.
     *
     * @throws FunctionFailedException when the function did not answer
     * @throws TimeoutException when there was no end in time
     */
    String await(Duration limit) throws TimeoutException, InterruptedException {
        try {
            return end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof FunctionFailedException why) {
                throw why;
            }
            throw new IllegalStateException("an invocation ends with an answer or says why not", failed);
        }
    }
}
