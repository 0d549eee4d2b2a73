package dev.roundtrip.mqtt;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** Knows who may come in. Thread-safe; must not block for long, because it is asked on the threads that carry messages. */
public interface Authentication {
    /** The principal of a client certificate; empty when it is refused.
     *
     * @param leaf a certificate whose chain and dates are already verified
     */
    Optional<Principal> byCertificate(X509Certificate leaf);
}
