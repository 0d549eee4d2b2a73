package dev.roundtrip.device.responder;

import dev.roundtrip.device.store.Outcome;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceRefusal;

/** What is said of a call.
 *
 * @param word {@code ok}, or the code of the error or the refusal
 * @param payload the answer, encoded; empty when nothing is to be said
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared or changed
record Saying(String word, byte[] payload) {

    static Saying of(Outcome outcome, Command command, DeviceMemory memory) {
        return new Saying(
                outcome.word(), outcome.answer(command.route().wireId(), memory).encode());
    }

    /** The method did not run. The AWS sample's gateway would take the reason for success, and gets none. */
    static Saying notRun(DeviceRefusal refusal, Command command, DeviceMemory memory) {
        return switch (command.gateway()) {
            case ROUNDTRIP ->
                new Saying(
                        refusal.code(),
                        new AnswerMessage.Refused(command.route().wireId().toString(), refusal, memory).encode());
            case SAMPLE -> silence(refusal.code());
        };
    }

    static Saying silence(String word) {
        return new Saying(word, new byte[0]);
    }

    /** Whether the gateway is told nothing. */
    boolean isSilent() {
        return payload.length == 0;
    }
}
