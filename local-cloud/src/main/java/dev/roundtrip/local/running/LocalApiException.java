package dev.roundtrip.local.running;

/** The local cloud that runs does not answer as it should; the message is for a person and says what to do. */
public final class LocalApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is the matter. */
    public enum Kind {
        /** No local cloud runs, or it has stopped meanwhile. */
        NOT_RUNNING,
        /** What was asked for is not there. */
        NOT_FOUND,
        /** The local cloud serves as many requests or streams as it may; a later one may be served. */
        BUSY,
        /** The local cloud refuses the request. */
        REFUSED
    }

    LocalApiException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
