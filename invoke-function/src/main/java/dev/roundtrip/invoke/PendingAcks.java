package dev.roundtrip.invoke;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;

/** Who waits for which route. Thread-safe.
 *
 * <p>The map's entry is the token for which answer, refusal and timeout race: whoever removes it decides how the call
 * ends, and nobody else can.
 */
public final class PendingAcks implements AutoCloseable {
    /** By the topic of the answer. */
    private final ConcurrentHashMap<String, Pending> pending = new ConcurrentHashMap<>();

    private final LongAdder dropped = new LongAdder();
    private final DeadlineWatch deadlines = new DeadlineWatch(this::expire);

    /** Registers a call that ends with its answer: see {@link #expect(Route, Completion)}. */
    public Pending expect(Route route) {
        return expect(route, Completion.ANSWERED);
    }

    /** Registers a call, before anything is sent for it.
     *
     * @param completion when it has ended for its caller
     * @return to be closed when the call has ended, whatever happened
     * @throws IllegalStateException when the route is waited for already
     * @throws MalformedNameException when its names are too long for a topic
     */
    public Pending expect(Route route, Completion completion) {
        Pending call = new Pending(route, completion);
        if (pending.putIfAbsent(call.topic, call) != null) {
            throw new IllegalStateException("the route is waited for already");
        }
        return call;
    }

    /** Takes a message that may be an answer. Never blocks: called by the MQTT client.
     *
     * <p>Dropped and counted is what no call waits for: late, repeated, foreign, or malformed in its topic.
     *
     * @return whether a call waited for it
     */
    public boolean deliver(String topic, byte[] payload) {
        Pending call = pending.get(topic);
        boolean awaited = call != null && call.completion == Completion.ANSWERED && call.deliver(payload);
        if (!awaited) {
            dropped.increment();
        }
        return awaited;
    }

    /** How many messages were no answer to a waiting call. */
    public long dropped() {
        return dropped.sum();
    }

    /** How many calls wait now. */
    public long count() {
        return pending.mappingCount();
    }

    /** The calls that wait now; a snapshot. */
    public Collection<Route> waiting() {
        List<Route> routes = new ArrayList<>();
        for (Pending call : pending.values()) {
            routes.add(call.route);
        }
        return routes;
    }

    private long expire(long now) {
        long next = DeadlineWatch.NOTHING;
        for (Pending call : pending.values()) {
            if (call.awaited) {
                long left = call.until - now;
                if (left <= 0) {
                    call.settle(new InvocationResult.TimedOut());
                } else {
                    next = Math.min(next, left);
                }
            }
        }
        return next;
    }

    /** Calls that wait still end in time; with the last of them nothing is left running. */
    @Override
    public void close() {
        deadlines.close();
    }

    /** One call that waits for its end. Thread-safe; one thread awaits. */
    public final class Pending implements AutoCloseable {
        private final Route route;
        private final Completion completion;
        private final String topic;
        private final CompletableFuture<InvocationResult> end = new CompletableFuture<>();
        private long until;
        /** Whether {@code until} counts. */
        private volatile boolean awaited;

        private Pending(Route route, Completion completion) {
            this.route = route;
            this.completion = completion;
            this.topic = route.answerTopic().value();
        }

        /** Whether the call has not ended yet. */
        public boolean isWaiting() {
            return pending.containsKey(topic);
        }

        /** Ends the call, unless it has ended already. Never blocks.
         *
         * @return whether this ended it
         */
        public boolean settle(InvocationResult result) {
            return pending.remove(topic, this) && end.complete(result);
        }

        /** The broker has the request, or may have it: that ends a call which waits for no more. Never blocks. */
        public void handedOver() {
            if (completion == Completion.HANDED_OVER) {
                settle(new InvocationResult.Accepted());
            }
        }

        private boolean deliver(byte[] payload) {
            try {
                return switch (AnswerMessage.decode(payload)) {
                    case AnswerMessage.Answered answer ->
                        isFor(answer) && settle(new InvocationResult.Ok(answer.response(), answer.memory()));
                    case AnswerMessage.Failed failure ->
                        isFor(failure) && settle(new InvocationResult.DeviceFailed(failure.error(), failure.memory()));
                    case AnswerMessage.Refused refusal ->
                        isFor(refusal) && settle(new InvocationResult.Refused(refusal.refusal(), refusal.memory()));
                };
            } catch (MalformedMessageException unreadable) {
                return settle(new InvocationResult.Unreadable(String.valueOf(unreadable.getMessage())));
            }
        }

        private boolean isFor(AnswerMessage answer) {
            return answer.id().equals(route.wireId().toString());
        }

        /** Waits for the call's end, at most until its deadline.
         *
         * @throws InterruptedException when the thread was interrupted; the call then has not ended
         */
        public InvocationResult await(Deadline deadline) throws InterruptedException {
            if (!end.isDone()) {
                until = System.nanoTime() + deadline.remainingNanos();
                awaited = true;
                deadlines.cover(until);
            }
            try {
                return end.get();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException("a pending call ends with a value", impossible);
            }
        }

        @Override
        public void close() {
            pending.remove(topic, this);
        }
    }
}
