package dev.roundtrip.protocol;

import java.io.Serial;

/** A payload is not the message that its topic promises. The message says what is wrong without quoting the payload. */
public final class MalformedMessageException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
