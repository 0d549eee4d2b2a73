package dev.roundtrip.local.http.operation;

import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.Verdict;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows who signs requests. Thread-safe; called on virtual threads. */
@FunctionalInterface
public interface RequestAuthentication {

    /** Who signed a request.
     *
     * @param source where the request comes from
     */
    Outcome authenticate(SignedRequest request, InetAddress source);

    /** Whether a client certificate stands in for a signature. */
    default boolean takesCertificates() {
        return false;
    }

    /** Whose certificate the client has shown.
     *
     * @param certificate of a known authority, and valid now; the client has its key
     * @param source where the request comes from
     */
    default Outcome authenticate(X509Certificate certificate, InetAddress source) {
        return new UnknownCertificate();
    }

    /** Whether somebody known asks. */
    sealed interface Outcome {}

    /** The signature is right. */
    record Known(Signer signer) implements Outcome {}

    /** The signature is not right.
     *
     * @param why the fault, and what AWS says of it
     */
    record Unknown(Verdict.Refused why) implements Outcome {}

    /** No principal has the certificate. */
    record UnknownCertificate() implements Outcome {}

    /** What policies are asked for.
     *
     * @param action as policies write it, such as {@code iot:Publish}
     * @param resource the end of the ARN, such as {@code topic/a/b}; {@code *} when the action has no resource
     * @param context values of condition keys beside those that every request has
     */
    record Access(String action, String resource, Map<String, String> context) {}

    /** Somebody whose signature was right. */
    interface Signer {

        /** Tells whether a policy allows it. */
        boolean may(Access access);

        /** Why {@link #may} says no, for a log: which statement denies, or that none allows. */
        default String refusal(Access access) {
            return "no statement allows it";
        }

        /** The ARN of the signer, for a log; null when it is not known. */
        default @Nullable String arn() {
            return null;
        }

        /** The IAM principal that signed; null for a certificate. */
        default @Nullable IamIdentity identity() {
            return null;
        }
    }
}
