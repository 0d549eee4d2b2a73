package dev.roundtrip.local.store.table;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A write that somebody waits for. The writer's thread runs it once, and says how it ended. */
final class PendingWrite<T, E extends Exception> {
    private final TableStore.Work<TableStore.Transaction, T, E> work;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable T result;
    private @Nullable Throwable failure;

    PendingWrite(TableStore.Work<TableStore.Transaction, T, E> work) {
        this.work = work;
    }

    /** Runs the work, whose failure is kept.
     *
     * @return whether it ended well
     */
    boolean run(TableStore.Transaction transaction) {
        try {
            result = work.in(transaction);
            return true;
        } catch (Throwable failed) { // whoever waits gets it
            failure = failed;
            return false;
        }
    }

    /** The writes are not there. */
    void fail(StoreException reason) {
        failure = reason;
        result = null;
    }

    /** Lets go of who waits. */
    void end() {
        ended.countDown();
    }

    /** Waits also when the thread is interrupted: otherwise nobody knew whether the writes are there. */
    T await() throws E {
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return outcome();
    }

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"
    }) // The work threw it, or gave the result.
    private T outcome() throws E {
        switch (failure) {
            case null -> {
                return result;
            }
            case RuntimeException defect -> throw defect;
            case Error defect -> throw defect;
            case Throwable declared -> throw (E) declared;
        }
    }
}
