package dev.roundtrip.local.lambda;

/** The function did not answer: it failed, crashed, took too long, or did not even start. Trying again may help. */
public final class FunctionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FunctionFailedException(String message) {
        super(message);
    }
}
