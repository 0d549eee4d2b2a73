package dev.roundtrip.local.state;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The state directory cannot be used. The message is one line that names the file and says what to do; it never holds a secret. */
public final class StateException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    StateException(String message) {
        super(message);
    }

    private StateException(String message, IOException cause) {
        super(message, cause);
    }

    /** A file that could not be read or written. */
    static StateException of(String attempt, Path file, IOException cause) {
        return new StateException("cannot " + attempt + " " + file + ": " + reason(cause), cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "it is not there";
        }
        if (cause instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return cause.getClass().getSimpleName();
    }
}
