package dev.roundtrip.local.broker;

import dev.roundtrip.auth.sigv4.SignedRequest;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Lets nobody in. */
final class NoAuthentication implements Authentication {
    @Override
    public Optional<Principal> byCertificate(X509Certificate leaf) {
        return Optional.empty();
    }

    @Override
    public Optional<Principal> byUpgrade(SignedRequest upgrade) {
        return Optional.empty();
    }
}
