package dev.roundtrip.device.operation;

import java.io.Serial;

/** A file cannot be fetched, and trying again now does not help. */
final class DownloadFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    DownloadFailedException(String reason) {
        super(reason);
    }
}
