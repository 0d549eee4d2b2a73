package dev.roundtrip.local.keys;

import java.security.KeyPair;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Makes RSA keys for devices, a few at a time. A key takes a tenth of a second of a processor: many at once on virtual
 * threads would hold all threads that carry them, and with them every service. These keys are made on threads of the
 * operating system, half as many as there are processors; what asks waits on its own thread. The threads end when there
 * is nothing to do. Thread-safe.
 */
public final class RsaKeys {
    /** How many may wait; our choice: as many as certificates may wait that one principal asked for. */
    public static final int MAX_WAITING = 1_000;

    private static final int IDLE_SECONDS = 5;

    /** How long a key is waited for; our choice: as long as AWS's own clients wait for an answer. */
    private static final int MAX_SECONDS = 10;

    private final Supplier<KeyPair> maker;
    private final ThreadPoolExecutor threads;

    public RsaKeys() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), MAX_WAITING, DeviceKeys::rsa);
    }

    /** Keys of another maker.
     *
     * @param atOnce how many are made at the same time, 1 or more
     * @param waiting how many more may wait, 1 or more
     */
    public RsaKeys(int atOnce, int waiting, Supplier<KeyPair> maker) {
        this.maker = maker;
        this.threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                Thread.ofPlatform().daemon().name("rsa-keys-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Too many wait for a key. Trying again later can help. */
    public static final class BusyException extends Exception {
        private static final long serialVersionUID = 1;

        private BusyException(Throwable cause) {
            super("Too many wait for a key; try again later", cause);
        }
    }

    /** Makes a key pair. Blocks until it is made. What nobody waits for any more is not made.
     *
     * @throws BusyException when too many wait already, or it takes longer than {@value #MAX_SECONDS} s
     */
    public KeyPair make() throws BusyException {
        FutureTask<KeyPair> made = new FutureTask<>(maker::get);
        try {
            threads.execute(made);
            return made.get(MAX_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException | TimeoutException full) {
            throw new BusyException(full);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a key was made");
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } finally {
            boolean unused = made.cancel(false);
            boolean unusedToo = threads.remove(made);
        }
    }
}
