package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.MessageId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which calls were begun, and how they came out: what makes a device run each call once. A call at work is never
 * forgotten. One that has ended is remembered until its deadline, and a minute longer where there is room.
 *
 * <p>Bounded in calls by refusing new ones, and in bytes by dropping the eldest outcomes. Thread-safe; never blocks for
 * long.
 */
final class CallMemory {
    /** A clock may be set back a little before a refused call is repeated. */
    private static final Duration AFTER_THE_DEADLINE = Duration.ofMinutes(1);

    private final int maxCalls;
    private final long maxBytes;
    private final Map<MessageId, Call> calls = new HashMap<>();
    private final NavigableSet<Call> endedByDeadline =
            new TreeSet<>(Comparator.<Call, Duration>comparing(call -> call.deadline.uptime())
                    .thenComparingLong(call -> call.number));
    private final Set<Call> withOutcomeByAge = new LinkedHashSet<>();
    private long begun;
    private long bytes;

    CallMemory(int maxCalls, long maxBytes) {
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
    }

    /** Whether a call was begun before. */
    enum Occurrence {
        /** Never: it is now begun, and is to be ended by {@link #finish} or {@link #forget}. */
        FIRST,
        /** It is at work. */
        RUNNING,
        /** It came to an end; {@link #outcome} recalls it. */
        FINISHED,
        /** Never, and there is no room to remember it. */
        FULL
    }

    private static final class Call {
        final long number;
        final MessageId id;
        final Moment deadline;
        boolean running = true;

        @Nullable Saying outcome;

        Call(long number, MessageId id, Moment deadline) {
            this.number = number;
            this.id = id;
            this.deadline = deadline;
        }
    }

    /** Looks a call up, and begins it when it is new. */
    synchronized Occurrence see(MessageId id, Moment deadline, Moment now) {
        while (forgetOneBefore(now.plus(AFTER_THE_DEADLINE.negated()))) {
            // Until there is none.
        }
        Call known = calls.get(id);
        if (known != null) {
            return known.running ? Occurrence.RUNNING : Occurrence.FINISHED;
        }
        if (calls.size() >= maxCalls && !forgetOneBefore(now)) {
            return Occurrence.FULL;
        }
        Call call = new Call(begun++, id, deadline);
        calls.put(id, call);
        return Occurrence.FIRST;
    }

    /** Takes a call as ended, which an earlier run of the device began. */
    synchronized void recall(MessageId id, Moment deadline, Saying saying) {
        if (calls.size() < maxCalls && !calls.containsKey(id)) {
            Call call = new Call(begun++, id, deadline);
            calls.put(id, call);
            finish(id, saying);
        }
    }

    /** Keeps how a call came out; passed over when the call is forgotten. A later outcome replaces an earlier one. */
    synchronized void finish(MessageId id, Saying outcome) {
        Call call = calls.get(id);
        if (call == null) {
            return;
        }
        drop(call);
        call.running = false;
        endedByDeadline.add(call);
        call.outcome = outcome;
        withOutcomeByAge.add(call);
        bytes += outcome.payload().length;
        while (bytes > maxBytes) {
            drop(withOutcomeByAge.iterator().next());
        }
    }

    /** Takes a call as never begun, because it did not run. */
    synchronized void forget(MessageId id) {
        Call call = calls.remove(id);
        if (call != null) {
            endedByDeadline.remove(call);
            drop(call);
        }
    }

    /** Whether a call is remembered. */
    synchronized boolean holds(MessageId id) {
        return calls.containsKey(id);
    }

    /** How a call came out; null when that is not known, or no longer. */
    synchronized @Nullable Saying outcome(MessageId id) {
        Call call = calls.get(id);
        return call == null ? null : call.outcome;
    }

    /** The calls remembered now. */
    synchronized int size() {
        return calls.size();
    }

    /** Forgets the ended call with the earliest deadline, when that is before a moment. False when there is none. */
    private boolean forgetOneBefore(Moment moment) {
        if (endedByDeadline.isEmpty() || !endedByDeadline.first().deadline.isBefore(moment)) {
            return false;
        }
        Call past = endedByDeadline.removeFirst();
        calls.remove(past.id);
        drop(past);
        return true;
    }

    private void drop(Call call) {
        Saying outcome = call.outcome;
        if (outcome != null) {
            withOutcomeByAge.remove(call);
            bytes -= outcome.payload().length;
            call.outcome = null;
        }
    }
}
