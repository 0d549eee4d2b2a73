package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.protocol.Target;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** AWS IoT's HTTP data plane, as far as the gateway needs it. Thread-safe; methods block, and end with a value whatever
 * happens.
 */
public interface DataPlane {

    /** Sends a command to its device and waits for the device's PUBACK, at most until the command's deadline. Never
     * repeats it.
     */
    Sent send(Command command);

    /** Asks what is known of a device's connection. */
    Asked<Connection> connection(Target target, Deadline deadline);

    /** Asks what a device subscribes to; nothing for a device that has no session. */
    Asked<List<String>> subscriptions(Target target, Deadline deadline);

    /** Keeps no connection and no key; the next request makes them anew. */
    void disconnect();

    /** What became of a command. */
    sealed interface Sent {}

    /** The device has it, or nobody knows: either way its answer may come. */
    record Perhaps() implements Sent {}

    /** The connection broke, and nobody knows whether the device has it. */
    record Cut() implements Sent {}

    /** The device is not connected, and did not get it. */
    record NotConnected() implements Sent {}

    /** The device did not get it, for another reason. */
    record Refused(InvocationResult.NotSent result) implements Sent {}

    /** What a question came to. */
    sealed interface Asked<T> {}

    /** An answer.
     *
     * @param brokerTime what time it was at the broker, cut to the second; null when it did not tell
     * @param heardAt when the answer was here
     */
    record Answered<T>(T answer, @Nullable Instant brokerTime, Clocks.Moment heardAt) implements Asked<T> {}

    /** No answer now.
     *
     * @param sentence for the caller, without a full stop
     * @param again whether another try may help
     */
    record Unanswered<T>(String sentence, Again again) implements Asked<T> {}

    /** Whether another try may help. */
    enum Again {
        PERHAPS,
        NEVER
    }

    /** What is known of a device's connection. */
    sealed interface Connection {}

    /** It is there. */
    record Connected() implements Connection {}

    /** It was there, within the last half hour.
     *
     * @param since by the broker's clock; null when it does not tell
     * @param reason as AWS IoT names it; null when it does not tell
     * @param session what became of its session
     */
    record Disconnected(@Nullable Instant since, @Nullable String reason, SessionFate session) implements Connection {}

    /** What a device that went leaves behind. */
    enum SessionFate {
        /** Nothing: what is published now does not wait for it. */
        ENDED,
        /** A session, perhaps, for which messages wait. */
        MAY_WAIT
    }

    /** It was not there for half an hour, or never. */
    record Unknown() implements Connection {}
}
