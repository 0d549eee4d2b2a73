package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.protocol.DeviceRefusal;

/** Whether a device has the method that a command asks for, and takes its arguments. */
public sealed interface Decision {

    /** It does, and will do this.
     *
     * @param reaction carried out when there is room, and when it is the command's turn
     */
    record Accept(Reaction reaction) implements Decision {}

    /** It does not.
     *
     * @param refusal what the caller is told
     */
    record Refuse(DeviceRefusal refusal) implements Decision {}

    /** Run this method, and answer. */
    static Decision run(DeviceMethod method) {
        return new Accept(turn -> {
            turn.run(method);
            turn.answer();
        });
    }
}
