package dev.roundtrip.invoke;

import dev.roundtrip.protocol.Instance;
import dev.roundtrip.protocol.MessageId;
import org.jspecify.annotations.Nullable;

/** The way to the devices, as the core needs it. Thread-safe. */
public interface RequestSender {

    /** A fresh id for the next call; each is handed out once. Never blocks. */
    MessageId nextId();

    /** Which connection the answers to calls are addressed to from now on; null where each is addressed to its call
     * alone. Never blocks.
     */
    default @Nullable Instance instance() {
        return null;
    }

    /** Listens for the answer, then sends the command; returns when it is on its way, or will never be.
     *
     * <p>Everything that can go wrong is settled with the pending call: a {@link InvocationResult.NotSent} says that
     * the command was not sent and never will be. Where that cannot be known, nothing is settled, and the call waits
     * for its answer until its deadline.
     *
     * @param command what to send
     * @param pending the call that waits for it; it is already registered
     * @param timings marked with the parts of the work
     */
    void send(Command command, PendingAcks.Pending pending, Timings timings);

    /** The call has ended: nobody needs to hear of it any more. Never blocks. */
    void release(MessageId id);
}
