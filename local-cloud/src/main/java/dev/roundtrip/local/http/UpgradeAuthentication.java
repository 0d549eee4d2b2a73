package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.mqtt.Principal;

/** Knows who signs upgrades to MQTT. Thread-safe. */
@FunctionalInterface
public interface UpgradeAuthentication {

    /** Who signed an upgrade. Called on a virtual thread, and may block it. */
    Signer byUpgrade(SignedRequest upgrade);

    /** Who signed. */
    sealed interface Signer {}

    /** Somebody known. */
    record Known(Principal principal) implements Signer {}

    /** The signature is not right.
     *
     * @param error AWS's name of the reason, for the log
     */
    record Unknown(String error) implements Signer {}
}
