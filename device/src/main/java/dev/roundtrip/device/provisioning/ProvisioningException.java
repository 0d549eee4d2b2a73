package dev.roundtrip.device.provisioning;

import java.io.Serial;

/** A device did not get an identity. The message is one sentence. Nothing half is left: the next try goes on, or begins
 * again.
 */
public final class ProvisioningException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private ProvisioningException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    /** Trying again does not help until something is changed. */
    static ProvisioningException refused(String message) {
        return new ProvisioningException(message, true);
    }

    /** Trying again can help. */
    static ProvisioningException lost(String message) {
        return new ProvisioningException(message, false);
    }

    /** Whether trying again is in vain until something is changed. */
    public boolean isRefusal() {
        return refused;
    }
}
