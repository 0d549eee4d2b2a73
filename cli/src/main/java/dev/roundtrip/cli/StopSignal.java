package dev.roundtrip.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells the main thread that the process shall end, by SIGTERM, SIGINT or {@link #raise}, and lets it end in order
 * before the JVM does.
 */
public final class StopSignal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 8;

    private final String program;
    private final CountDownLatch raised = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread waiting = Thread.currentThread();
    private final Thread hook = new Thread(this::whenJvmEnds, "stop");
    private boolean awaited;

    private StopSignal(String program) {
        this.program = program;
    }

    /** For the calling thread.
     *
     * @param program the program's name, for a complaint when it does not end in order
     */
    public static StopSignal install(String program) {
        StopSignal signal = new StopSignal(program);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Asks for the end, as a signal would. */
    public void raise() {
        raised.countDown();
    }

    /** Whether the process shall end: what fails from then on is no failure to tell. */
    public boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Blocks until the process shall end. */
    public void await() {
        try {
            raised.await();
        } catch (InterruptedException jvmEnds) {
            // So it shall.
        } finally {
            awaited();
        }
    }

    /** What ends in order from here on must not be interrupted. */
    private synchronized void awaited() {
        awaited = true;
        var unused = Thread.interrupted();
    }

    /** It may still be connecting. */
    private synchronized void interruptUnlessAwaited() {
        if (!awaited) {
            waiting.interrupt();
        }
    }

    private void whenJvmEnds() {
        raise();
        interruptUnlessAwaited();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(program + ": did not end in order within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process has ended what it had to end. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException jvmEnds) {
            // Then the hook is on its way out by itself.
        }
    }
}
