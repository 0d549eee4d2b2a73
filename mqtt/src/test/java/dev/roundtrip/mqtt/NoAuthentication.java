package dev.roundtrip.mqtt;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets nobody in. */
final class NoAuthentication implements Authentication {
    @Override
    public CompletionStage<Optional<Principal>> byCertificate(X509Certificate leaf) {
        return CompletableFuture.completedFuture(Optional.empty());
    }
}
