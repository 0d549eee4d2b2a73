package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.Verdict.Reason;
import dev.roundtrip.auth.sigv4.Verdict.Refused;

/** Ends a verification from the depth of its parsing; it never leaves this package. */
final class RefusalException extends Exception {
    private final Refused refused;

    RefusalException(Refused refused) {
        super(refused.message(), null, false, false);
        this.refused = refused;
    }

    static RefusalException incomplete(String message) {
        return new RefusalException(new Refused(Reason.INCOMPLETE_SIGNATURE, message));
    }

    static RefusalException invalid(String message) {
        return new RefusalException(new Refused(Reason.INVALID_SIGNATURE, message));
    }

    Refused refused() {
        return refused;
    }
}
