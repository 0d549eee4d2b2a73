package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.Verdict.Reason;
import dev.roundtrip.auth.sigv4.Verdict.Refused;

/** Ends a verification from the depth of its parsing; it never leaves this package. */
final class RefusalException extends Exception {
    private final Refused refused;

    RefusalException(Reason reason, String message) {
        super(message, null, false, false);
        this.refused = new Refused(reason, message);
    }

    static RefusalException incomplete(String message) {
        return new RefusalException(Reason.INCOMPLETE_SIGNATURE, message);
    }

    static RefusalException invalid(String message) {
        return new RefusalException(Reason.INVALID_SIGNATURE, message);
    }

    Refused refused() {
        return refused;
    }
}
