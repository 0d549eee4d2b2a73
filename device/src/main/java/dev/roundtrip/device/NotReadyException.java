package dev.roundtrip.device;

import java.io.Serial;

/** A device did not get connected and subscribed. The message is one sentence that says what to do. */
public final class NotReadyException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message what was wanted, what was found, and what to do */
    public NotReadyException(String message) {
        super(message);
    }
}
