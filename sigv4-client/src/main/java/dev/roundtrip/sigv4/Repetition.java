package dev.roundtrip.sigv4;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Makes the same call many times, one after the other over one connection, each with a signature of its own. Ctrl-C
 * ends it with the summary of what was done until then.
 */
final class Repetition {
    private static final Duration SUMMARY_TIME = Duration.ofSeconds(5); // for the summary, once Ctrl-C was pressed

    private final Supplier<SignedRequest> calls;
    private final HttpSender sender;
    private final Environment environment;
    private final Duration progressInterval;
    private final LatencySummary summary = new LatencySummary();

    /** A repetition that has not begun.
     *
     * @param calls signs the call anew whenever it is asked
     * @param progressInterval after how long, and then how often, to tell on standard error how far it is
     */
    Repetition(Supplier<SignedRequest> calls, HttpSender sender, Environment environment, Duration progressInterval) {
        this.calls = calls;
        this.sender = sender;
        this.environment = environment;
        this.progressInterval = progressInterval;
    }

    /** Makes the calls and prints the summary.
     *
     * @return whether each was answered with 2xx
     */
    boolean run(int times) {
        CountDownLatch printed = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        Thread onShutdown = new Thread(() -> endEarly(caller, printed));
        Runtime.getRuntime().addShutdownHook(onShutdown);
        long start = System.nanoTime();
        try {
            call(times, start);
        } catch (InterruptedException e) {
            environment.warn("interrupted; the last call may have had its effect");
        } finally {
            environment.print(summary.text(times, since(start)));
            printed.countDown();
        }
        removeHook(onShutdown);
        return summary.isSuccess();
    }

    private void call(int times, long start) throws InterruptedException {
        Duration nextProgress = progressInterval;
        for (int i = 0; i < times; i++) {
            SignedRequest request = calls.get();
            try {
                summary.answered(sender.send(request));
            } catch (IOException e) {
                summary.failed(Failure.explain(e, request.uri()));
            }
            Duration elapsed = since(start);
            if (elapsed.compareTo(nextProgress) >= 0 && i < times - 1) {
                environment.warn(summary.count() + " of " + times + " calls after " + elapsed.toSeconds() + " s");
                nextProgress = elapsed.plus(progressInterval);
            }
        }
    }

    private static void endEarly(Thread caller, CountDownLatch printed) {
        caller.interrupt();
        try {
            printed.await(SUMMARY_TIME.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already, which is why the calls did.
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
