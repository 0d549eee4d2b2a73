package dev.roundtrip.protocol;

import java.io.Serial;

/** Bytes are not one JSON value that is taken here. The message says why without quoting them, and follows the name of
 * whatever they are, such as {@code is not UTF-8}.
 */
public final class MalformedJsonException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message);
    }
}
