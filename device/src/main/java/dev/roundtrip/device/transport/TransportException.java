package dev.roundtrip.device.transport;

import java.io.Serial;

/** The broker could not be reached, or refused. The message is one sentence that says what to do. */
public final class TransportException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private TransportException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    /** The broker said no, or the settings cannot work: trying again will not help until something is changed. */
    public static TransportException refused(String message) {
        return new TransportException(message, true);
    }

    /** The connection was lost, or slow: trying again can help. */
    public static TransportException lost(String message) {
        return new TransportException(message, false);
    }

    /** Whether trying again is in vain until something is changed. */
    public boolean isRefusal() {
        return refused;
    }
}
