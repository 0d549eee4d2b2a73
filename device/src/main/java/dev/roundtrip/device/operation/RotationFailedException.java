package dev.roundtrip.device.operation;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A device got no new certificate. The message is one sentence for the record of the job. */
public final class RotationFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable String certificateId;

    /** @param reason a sentence without secrets
     * @param certificateId of a certificate that the service has made all the same, and that may be active; null when
     *     there is none
     */
    public RotationFailedException(String reason, @Nullable String certificateId) {
        super(reason);
        this.certificateId = certificateId;
    }

    /** The certificate that is left over; null when there is none. */
    public @Nullable String certificateId() {
        return certificateId;
    }
}
