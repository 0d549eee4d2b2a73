package dev.roundtrip.mqtt;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** Lets nobody in. */
final class NoAuthentication implements Authentication {
    @Override
    public Optional<Principal> byCertificate(X509Certificate leaf) {
        return Optional.empty();
    }
}
