package dev.roundtrip.mqtt;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Knows who may come in. Thread-safe. */
public interface Authentication {
    /** The principal of a client certificate; empty when it is refused. Must not block: asked on the threads that carry
     * messages.
     *
     * @param leaf a certificate whose chain and dates are already verified
     * @return completed once, on any thread; exceptionally when the principal cannot be found out, and the client is
     *     refused
     */
    CompletionStage<Optional<Principal>> byCertificate(X509Certificate leaf);

    /** Whether a client certificate may come in although no authority of devices signed it: it is registered by itself.
     * Must not block, as above. Its dates are verified afterwards.
     */
    default boolean isRegistered(X509Certificate leaf) {
        return false;
    }
}
