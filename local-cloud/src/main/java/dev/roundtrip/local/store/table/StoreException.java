package dev.roundtrip.local.store.table;

/** A store cannot be read or written. What was to be written is not there. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message for a person, with what to do */
    public StoreException(String message) {
        super(message);
    }

    /** @param message for a person, with what to do */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
