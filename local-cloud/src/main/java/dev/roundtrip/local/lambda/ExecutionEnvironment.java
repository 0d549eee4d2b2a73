package dev.roundtrip.local.lambda;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One execution environment: a process that runs the function, call after call. Thread-safe. */
final class ExecutionEnvironment implements RuntimeRequests {
    private final RuntimeSettings.Scale scale;
    private final String name;
    private final Recorder journal;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Poll> polls = new ArrayDeque<>();
    private final Queue<Invocation> queue = new ArrayDeque<>();
    private final Map<String, Invocation> running = new HashMap<>();
    private @Nullable Poll snapshot;
    private @Nullable FunctionProcess process;
    private @Nullable String unusable;
    private int taken;
    private boolean frozen;

    /** @param name what the journal calls it */
    ExecutionEnvironment(RuntimeSettings.Scale scale, String name, Recorder journal) {
        this.scale = scale;
        this.name = name;
        this.journal = journal;
    }

    String name() {
        return name;
    }

    /** Gives it its process, at once after it was made.
     *
     * @param ended told when nothing is left of the process
     */
    void run(FunctionProcess started, Consumer<ExecutionEnvironment> ended) {
        inOrder(() -> process = started);
        var unused = started.exit().thenAccept(code -> {
            unusable("the runtime ended with exit status " + code);
            ended.accept(this);
        });
    }

    /** Ends when the function is made and waits for its first call, or with why it cannot be. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /** Takes one of its places for a call.
     *
     * @return whether there was one
     */
    boolean reserve() {
        lock.lock();
        try {
            if (unusable != null || taken == scale.concurrency()) {
                return false;
            }
            taken++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has it work on a call for which a place was reserved. */
    void invoke(Invocation invocation) {
        inOrder(() -> {
            if (unusable != null || process == null) {
                taken--;
                fail(invocation, String.valueOf(unusable));
                return;
            }
            if (frozen) {
                frozen = false;
                process.thaw();
            }
            if (snapshot != null) {
                snapshot.answer(null);
                snapshot = null;
            }
            queue.add(invocation);
            handOver();
        });
    }

    private void handOver() {
        while (!polls.isEmpty() && !queue.isEmpty()) {
            Invocation invocation = queue.remove();
            running.put(invocation.id(), invocation);
            journal.record(new Entry(Step.HANDED_OVER, null, invocation.id()).detail(name));
            polls.remove().answer(invocation);
        }
    }

    @Override
    public void next(Poll poll) {
        inOrder(() -> {
            polls.add(poll);
            handOver();
            if (scale.idleness() == Idleness.FROZEN && taken == 0 && process != null) {
                frozen = true;
                process.freeze();
            }
        });
        ready.complete(null);
    }

    @Override
    public void restoreNext(Poll poll) {
        inOrder(() -> {
            if (queue.isEmpty()) {
                snapshot = poll;
            } else {
                poll.answer(null);
            }
        });
        ready.complete(null);
    }

    @Override
    public boolean answered(String invocationId, String answer) {
        Invocation invocation = end(invocationId);
        if (invocation != null) {
            invocation.answered(answer);
        }
        return invocation != null;
    }

    @Override
    public boolean failed(String invocationId, RuntimeError error) {
        Invocation invocation = end(invocationId);
        if (invocation != null) {
            record(invocationId, "the function failed: " + error.type());
            invocation.failed("the function failed: " + error);
        }
        return invocation != null;
    }

    private @Nullable Invocation end(String invocationId) {
        lock.lock();
        try {
            Invocation invocation = running.remove(invocationId);
            if (invocation != null) {
                taken--;
            }
            return invocation;
        } finally {
            lock.unlock();
        }
    }

    private void fail(Invocation invocation, String why) {
        record(invocation.id(), why);
        invocation.failed(why);
    }

    private void record(@Nullable String invocationId, String why) {
        journal.record(new Entry(Step.FUNCTION_FAILED, name, invocationId).detail(why));
    }

    /** Takes no more calls, and fails those that it has. The first reason stands. */
    @Override
    public void unusable(String error) {
        inOrder(() -> {
            if (unusable == null && queue.isEmpty() && running.isEmpty()) {
                record(null, error);
            }
            failAll(error);
        });
    }

    private void stopped(String why) {
        inOrder(() -> failAll(why));
    }

    private void failAll(String error) {
        String why = unusable == null ? error : unusable;
        unusable = why;
        List<Invocation> lost =
                Stream.concat(queue.stream(), running.values().stream()).toList();
        queue.clear();
        running.clear();
        lost.forEach(invocation -> fail(invocation, why));
        ready.completeExceptionally(new FunctionFailedException(why));
    }

    /** Ends it at once, whatever it does. */
    void kill(String why) {
        stopped(why);
        inOrder(() -> {
            if (process != null) {
                process.kill();
            }
        });
    }

    /** Asks it to end. */
    void terminate() {
        stopped("the runtime is stopping");
        inOrder(() -> {
            if (process != null) {
                process.terminate();
            }
        });
    }

    /** @return whether nothing is left of its process */
    boolean awaitEnd(long millis) throws InterruptedException {
        FunctionProcess started = process();
        return started == null || started.awaitEnd(millis);
    }

    private @Nullable FunctionProcess process() {
        lock.lock();
        try {
            return process;
        } finally {
            lock.unlock();
        }
    }

    private void inOrder(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
