package dev.roundtrip.sigv4;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes the same call many times, or several calls in turn, one after the other over one connection, each with a
 * signature of its own. Ctrl-C ends it with the summary of what was done until then.
 */
final class Repetition {
    private static final Duration SUMMARY_TIME = Duration.ofSeconds(5); // for the summary, once Ctrl-C was pressed

    private final List<RepeatedCall> calls;
    private final HttpSender sender;
    private final Environment environment;
    private final Duration progressInterval;
    private final LatencySummary summary = new LatencySummary();
    private final TargetSummary targets;

    /** A repetition that has not begun.
     *
     * @param calls what is called in turn; at least one
     * @param progressInterval after how long, and then how often, to tell on standard error how far it is
     */
    Repetition(List<RepeatedCall> calls, HttpSender sender, Environment environment, Duration progressInterval) {
        this.calls = List.copyOf(calls);
        this.targets =
                new TargetSummary(this.calls.stream().map(RepeatedCall::target).toList());
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
            environment.print(summary.text(times, since(start)) + targets.text());
            printed.countDown();
        }
        removeHook(onShutdown);
        return summary.isSuccess();
    }

    private void call(int times, long start) throws InterruptedException {
        Duration nextProgress = progressInterval;
        for (int i = 0; i < times; i++) {
            RepeatedCall call = calls.get(i % calls.size());
            SignedRequest request = call.signing().get();
            LatencySummary ofTarget = targets.of(call.target());
            try {
                Answer answer = sender.send(request);
                summary.answered(answer);
                ofTarget.answered(answer);
            } catch (IOException e) {
                String reason = Failure.explain(e, request.uri());
                summary.failed(reason);
                ofTarget.failed(reason);
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
