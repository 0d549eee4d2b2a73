package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.DeviceError;

/** Why a device does not run a command. */
public enum Refusal {
    /** Nobody waits any longer; nothing is answered. */
    PAST_DEADLINE("past_deadline", "the deadline is past by this device's clock"),
    /** The clocks disagree by more than a call can last. */
    DEADLINE_TOO_FAR("deadline_too_far", "the deadline is too far ahead by this device's clock: compare the clocks"),
    /** Too much is at work or remembered. */
    BUSY("busy", "the device has too many calls at once"),
    /** The device is being closed; nothing is answered. */
    CLOSING("closing", "the device is closing");

    private final String code;
    private final String message;

    Refusal(String code, String message) {
        this.code = code;
        this.message = message;
    }

    /** What a caller is told, where the refusal is answered. */
    public DeviceError error() {
        return new DeviceError(code, message);
    }
}
