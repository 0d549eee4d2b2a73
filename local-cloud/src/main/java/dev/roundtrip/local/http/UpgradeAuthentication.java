package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.mqtt.Principal;
import java.util.Optional;

/** Knows who signs upgrades to MQTT. Thread-safe. */
@FunctionalInterface
public interface UpgradeAuthentication {

    /** Who signed an upgrade; empty when the signature is not right. Asked on a virtual thread, and may block it. */
    Optional<Principal> byUpgrade(SignedRequest upgrade);
}
