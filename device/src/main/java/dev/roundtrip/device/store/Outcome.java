package dev.roundtrip.device.store;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.WireId;

/** How a method that ran came out. */
public sealed interface Outcome {
    /** It returned.
     *
     * @param response the answer
     */
    record Returned(JsonText response) implements Outcome {}

    /** It failed.
     *
     * @param error what the caller is told
     */
    record Failed(DeviceError error) implements Outcome {}

    /** The answer to a call with this outcome.
     *
     * @param memory what is said of order and key
     */
    default AnswerMessage answer(WireId id, DeviceMemory memory) {
        return switch (this) {
            case Returned returned -> new AnswerMessage.Answered(id.toString(), returned.response(), memory);
            case Failed failed -> new AnswerMessage.Failed(id.toString(), failed.error(), memory);
        };
    }

    /** {@code ok}, or the error's code. */
    default String word() {
        return switch (this) {
            case Returned returned -> "ok";
            case Failed failed -> failed.error().code();
        };
    }
}
