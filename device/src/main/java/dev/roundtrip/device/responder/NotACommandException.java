package dev.roundtrip.device.responder;

import java.io.Serial;

/** A delivery is no command for this device; the message says why without quoting it. */
final class NotACommandException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    NotACommandException(String message) {
        super(message);
    }
}
