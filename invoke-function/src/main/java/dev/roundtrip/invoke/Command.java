package dev.roundtrip.invoke;

import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Topic;
import java.time.Instant;

/** One request, ready for the wire.
 *
 * @param route the call's names
 * @param requestTopic where it goes
 * @param answerTopic where its answer returns
 * @param payload at most {@link Json#MAX_PAYLOAD_BYTES}
 * @param deadline after it the command must not be sent
 * @param absence what to do when the device is away
 * @param repetition whether it may be sent once more when nobody knows what became of it
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, handed to the client, never compared.
public record Command(
        Route route,
        Topic requestTopic,
        Topic answerTopic,
        byte[] payload,
        Deadline deadline,
        AbsencePolicy absence,
        Repetition repetition) {

    /** A command that is sent once. */
    public Command(
            Route route,
            Topic requestTopic,
            Topic answerTopic,
            byte[] payload,
            Deadline deadline,
            AbsencePolicy absence) {
        this(route, requestTopic, answerTopic, payload, deadline, absence, Repetition.UNSAFE);
    }

    /** Writes an invocation.
     *
     * @param now the time on the wall; the device is told the deadline by it
     * @throws TooLargeException when the topic or the payload would exceed what the broker takes
     */
    static Command of(Invocation invocation, Instant now) throws TooLargeException {
        Route route = invocation.route();
        Instant deadline = now.plus(invocation.deadline().remaining());
        CallRequest call = invocation.call();
        Guarantees guarantees = call.guarantees();
        byte[] payload = new RequestMessage(
                        now,
                        call.request(),
                        route.wireId(),
                        deadline,
                        guarantees.order(),
                        guarantees.key(),
                        call.trace())
                .encode();
        if (payload.length > Json.MAX_PAYLOAD_BYTES) {
            throw new TooLargeException("the message for the device would have " + payload.length
                    + " bytes, and may have at most " + Json.MAX_PAYLOAD_BYTES + "; send a smaller request");
        }
        try {
            return new Command(
                    route,
                    route.requestTopic(),
                    route.answerTopic(),
                    payload,
                    invocation.deadline(),
                    call.absence(),
                    repetition(call));
        } catch (MalformedNameException tooLong) {
            throw new TooLargeException("target and method are too long together: the answer's topic may have at most "
                    + Topic.MAX_BYTES + " bytes");
        }
    }

    /** A presence check says of one sending that the device never got it; a second one it would not know of. */
    private static Repetition repetition(CallRequest call) {
        return call.guarantees().key() != null && call.absence().presence() == AbsencePolicy.Presence.UNCHECKED
                ? Repetition.SAFE
                : Repetition.UNSAFE;
    }

    /** A command would exceed a limit of the broker; trying again cannot help. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String sentence;

        TooLargeException(String sentence) {
            super(sentence);
            this.sentence = sentence;
        }

        InvocationResult.TooLarge result() {
            return new InvocationResult.TooLarge(sentence);
        }
    }
}
