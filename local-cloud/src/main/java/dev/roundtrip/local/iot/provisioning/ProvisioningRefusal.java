package dev.roundtrip.local.iot.provisioning;

/** Provisioning is refused, and nothing was changed; the message is for the sender of the request. */
final class ProvisioningRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final ProvisioningError error;

    ProvisioningRefusal(ProvisioningError error, String message) {
        super(message);
        this.error = error;
    }

    ProvisioningError error() {
        return error;
    }
}
