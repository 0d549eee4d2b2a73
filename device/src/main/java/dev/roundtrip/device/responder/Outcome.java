package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.Json;

/** How a call came out.
 *
 * @param word {@code ok}, or the error's code
 * @param payload the answer, encoded, no longer than a payload may be; empty when nothing is to be said
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared or changed
record Outcome(String word, byte[] payload) {

    /** Runs the method; whatever it does, there is an outcome.
     *
     * @throws InterruptedException when the device is being closed
     */
    static Outcome ofRunning(DeviceMethod method, Command command) throws InterruptedException {
        try {
            byte[] payload = new AnswerMessage.Answered(
                            command.id().toString(), method.run(command.request(), command.deadline()))
                    .encode();
            return payload.length <= Json.MAX_PAYLOAD_BYTES
                    ? new Outcome("ok", payload)
                    : failed(
                            command,
                            new DeviceError(
                                    "too_large",
                                    "the answer has " + payload.length + " bytes, more than "
                                            + Json.MAX_PAYLOAD_BYTES));
        } catch (MethodFailedException expected) {
            return failed(command, expected.error());
        } catch (RuntimeException | Error bug) {
            return failed(
                    command,
                    new DeviceError(
                            "internal", "the method broke: " + bug.getClass().getName()));
        }
    }

    /** The method did not run. The AWS sample's gateway would take the reason for success, and gets none.
     *
     * @param reason why
     */
    static Outcome notRun(Command command, DeviceError reason) {
        return switch (command.gateway()) {
            case ROUNDTRIP -> failed(command, reason);
            case SAMPLE -> new Outcome(reason.code(), new byte[0]);
        };
    }

    /** Whether the gateway is told nothing. */
    boolean isSilent() {
        return payload.length == 0;
    }

    private static Outcome failed(Command command, DeviceError error) {
        return new Outcome(error.code(), new AnswerMessage.Failed(command.id().toString(), error).encode());
    }
}
