package dev.roundtrip.local.lambda;

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

    ExecutionEnvironment(RuntimeSettings.Scale scale) {
        this.scale = scale;
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
                invocation.failed(String.valueOf(unusable));
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
    public boolean failed(String invocationId, String error) {
        Invocation invocation = end(invocationId);
        if (invocation != null) {
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

    /** Takes no more calls, and fails those that it has. The first reason stands. */
    @Override
    public void unusable(String error) {
        inOrder(() -> {
            String why = unusable == null ? error : unusable;
            unusable = why;
            List<Invocation> lost =
                    Stream.concat(queue.stream(), running.values().stream()).toList();
            queue.clear();
            running.clear();
            lost.forEach(invocation -> invocation.failed(why));
            ready.completeExceptionally(new FunctionFailedException(why));
        });
    }

    /** Ends it at once, whatever it does. */
    void kill(String why) {
        unusable(why);
        inOrder(() -> {
            if (process != null) {
                process.kill();
            }
        });
    }

    /** Asks it to end. */
    void terminate() {
        unusable("the runtime is stopping");
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
