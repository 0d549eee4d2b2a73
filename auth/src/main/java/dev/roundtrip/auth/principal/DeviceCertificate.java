package dev.roundtrip.auth.principal;

import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyContext;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A certificate that is active, and the thing that it is attached to. Immutable.
 *
 * @param id the SHA-256 fingerprint of its DER form, 64 digits of lower-case hexadecimal
 * @param exclusiveThing the name of the thing that belongs to the certificate exclusively; null when there is none
 * @param contexts what policies may know of a connection
 */
public record DeviceCertificate(String id, @Nullable String exclusiveThing, List<Policy> policies, Contexts contexts)
        implements Principal {
    public DeviceCertificate {
        policies = List.copyOf(policies);
    }

    /** What policies may know of a connection that was made with the certificate. Thread-safe. */
    @FunctionalInterface
    public interface Contexts {
        /** What is known of one connection.
         *
         * @param clientId of the CONNECT packet
         * @param sourceIp the peer's address, as text
         * @param certificate that the peer proved to have
         */
        PolicyContext of(String clientId, String sourceIp, X509Certificate certificate);
    }
}
