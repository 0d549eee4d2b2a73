package dev.roundtrip.device.operation;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Calls the device's own methods as a gateway would, with the same rules for deadlines, keys and lanes. Thread-safe.
 */
public interface MethodCaller {

    /** A call.
     *
     * @param id its name
     * @param method what is to be done
     * @param request any JSON value
     * @param key what names its effect
     * @param deadline after this instant it does not run; null for the longest time that the device allows
     */
    record LocalCall(
            MessageId id,
            Method method,
            JsonText request,
            RequestKey key,
            @Nullable Instant deadline) {}

    /** Calls, and waits for the answer.
     *
     * @return null when no answer came until the deadline: the method may have run
     * @throws InterruptedException when the thread is interrupted
     */
    @Nullable AnswerMessage call(LocalCall call) throws InterruptedException;

    /** Whether keys survive a restart. */
    boolean remembersKeys();
}
