package dev.roundtrip.cli;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Why the system did not read or write something, for a person: in the system's words where Java keeps them. */
public final class SystemReason {
    private SystemReason() {}

    /** A few words without the file's name, without a full stop, and never the name of a class. */
    public static String of(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "it is not there";
            case FileAlreadyExistsException taken -> "a file of this name is in the way";
            case NotDirectoryException file -> "it is not a directory";
            case CharacterCodingException binary -> "it is not text in UTF-8";
            case ClosedByInterruptException interrupted -> "interrupted";
            case FileSystemException other -> known(other.getReason());
            default -> known(failure.getMessage());
        };
    }

    private static String known(@Nullable String reason) {
        return reason == null ? "the system gives no reason" : reason;
    }
}
