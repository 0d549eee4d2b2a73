package dev.roundtrip.local.iot.command;

/** A device's update is refused; the message is for the device. */
final class UpdateRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final UpdateError error;

    UpdateRefusal(UpdateError error, String message) {
        super(message);
        this.error = error;
    }

    UpdateError error() {
        return error;
    }
}
