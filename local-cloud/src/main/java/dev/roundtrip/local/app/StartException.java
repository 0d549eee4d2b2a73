package dev.roundtrip.local.app;

/** The local cloud could not start; the message is one line that says why and what to do. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
