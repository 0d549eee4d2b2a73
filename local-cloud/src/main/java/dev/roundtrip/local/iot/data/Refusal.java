package dev.roundtrip.local.iot.data;

/** A request is not served; the message is for its sender. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;

    Refusal(ErrorType type, String message) {
        super(message);
        this.type = type;
    }

    ErrorType type() {
        return type;
    }
}
