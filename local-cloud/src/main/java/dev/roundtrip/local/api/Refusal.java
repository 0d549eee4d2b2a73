package dev.roundtrip.local.api;

/** A request is refused; trying the same again helps only where the error is {@link ApiError#BUSY}. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final ApiError error;

    /** @param message a sentence without a full stop */
    Refusal(ApiError error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    static Refusal invalid(String message) {
        return new Refusal(ApiError.INVALID_PARAMETERS, message);
    }

    ApiError error() {
        return error;
    }
}
