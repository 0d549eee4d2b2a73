package dev.roundtrip.things;

import java.io.Serial;

/** A verb cannot go on. The message is one sentence that says what to do. */
final class ThingsException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    ThingsException(String message) {
        super(message);
    }

    ThingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
