package dev.roundtrip.sigv4;

/** The call could not be made; the message is one line that says what to do next. Ends the program with exit code 1. */
final class CallFailedException extends RuntimeException {
    CallFailedException(String message) {
        super(message);
    }

    CallFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
