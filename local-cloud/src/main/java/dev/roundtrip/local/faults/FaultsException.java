package dev.roundtrip.local.faults;

import java.io.Serial;

/** Faults could not be replaced; those of before stay. The message is one sentence that says what to do. */
public final class FaultsException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message what was wanted, what was found, and what to do */
    public FaultsException(String message) {
        super(message);
    }

    /** The same with its cause. */
    public FaultsException(String message, Throwable cause) {
        super(message, cause);
    }
}
