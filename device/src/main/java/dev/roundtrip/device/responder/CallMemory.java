package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.MessageId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which calls were begun, until their deadline, and how they came out: what makes a device run each call once.
 *
 * <p>Bounded in calls by refusing new ones, and in bytes by dropping the eldest outcomes. Thread-safe; never blocks for
 * long.
 */
final class CallMemory {
    private final int maxCalls;
    private final long maxBytes;
    private final Map<MessageId, Call> calls = new HashMap<>();
    private final NavigableSet<Call> byDeadline = new TreeSet<>(
            Comparator.<Call, Instant>comparing(call -> call.deadline).thenComparingLong(call -> call.number));
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
        final Instant deadline;
        boolean running = true;

        @Nullable Saying outcome;

        Call(long number, MessageId id, Instant deadline) {
            this.number = number;
            this.id = id;
            this.deadline = deadline;
        }
    }

    /** Looks a call up, and begins it when it is new. The deadline must not be past. */
    synchronized Occurrence see(MessageId id, Instant deadline, Instant now) {
        expire(now);
        Call known = calls.get(id);
        if (known != null) {
            return known.running ? Occurrence.RUNNING : Occurrence.FINISHED;
        }
        if (calls.size() >= maxCalls) {
            return Occurrence.FULL;
        }
        Call call = new Call(begun++, id, deadline);
        calls.put(id, call);
        byDeadline.add(call);
        return Occurrence.FIRST;
    }

    /** Takes a call as ended, which an earlier run of the device began. */
    synchronized void recall(MessageId id, Instant deadline, Saying saying) {
        if (calls.size() < maxCalls && !calls.containsKey(id)) {
            Call call = new Call(begun++, id, deadline);
            calls.put(id, call);
            byDeadline.add(call);
            finish(id, saying);
        }
    }

    /** Keeps how a call came out; passed over when the call is past its deadline and forgotten. */
    synchronized void finish(MessageId id, Saying outcome) {
        Call call = calls.get(id);
        if (call == null) {
            return;
        }
        call.running = false;
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
            byDeadline.remove(call);
        }
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

    private void expire(Instant now) {
        while (!byDeadline.isEmpty() && byDeadline.first().deadline.isBefore(now)) {
            Call past = byDeadline.pollFirst();
            calls.remove(past.id);
            drop(past);
        }
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
