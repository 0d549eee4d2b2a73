package dev.roundtrip.local.store;

import dev.roundtrip.cli.SystemReason;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** The state directory cannot be used. The message is one line that names the file and says what to do; it never holds
 * a secret.
 */
public final class StateException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public StateException(String message) {
        super(message);
    }

    private StateException(String message, IOException cause) {
        super(message, cause);
    }

    /** A file that could not be read or written. */
    static StateException of(String attempt, Path file, IOException cause) {
        return new StateException(
                "cannot " + attempt + " " + file + ": " + SystemReason.of(cause)
                        + "; mend that, or give another directory with --state",
                cause);
    }

    /** A file that is not there though what it belongs to is. */
    public static StateException missing(Path file) {
        Path owner = file.toAbsolutePath().getParent();
        Path kind = owner == null ? null : owner.getParent();
        String remedy = kind == null || owner == null
                ? ""
                : switch (String.valueOf(kind.getFileName())) {
                    case "things" -> ", or run local-cloud provision " + owner.getFileName() + " --replace";
                    case "callers" -> ", or run local-cloud caller " + owner.getFileName() + " --policy FILE";
                    default -> "";
                };
        return new StateException(file + " is missing; put it back" + remedy);
    }
}
