package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Serves the requests that are signed for it, with errors in its own shape. Thread-safe; called by event loops, and
 * never blocks.
 */
public interface HttpService {

    /** The names in the credential scope of its requests; a service that is not signed for has none. */
    Set<String> signingNames();

    /** How large its requests may be. */
    HttpLimits limits();

    /** What a head says, before any of the body is taken. */
    enum Head {
        /** Nobody may be served: the request has no signature, or goes nowhere. */
        NOT_ALLOWED,
        /** The signature is verified when the body is there. */
        TO_BE_VERIFIED,
        /** Only who may be served knows this path. */
        TRUSTED
    }

    /** Judges a request that announces a body, by its head. */
    Head judge(SignedRequest head);

    /** Whether a client certificate stands in for a signature. */
    default boolean takesCertificates() {
        return false;
    }

    /** Serves a request: the exchange is answered once, now or later, on any thread. */
    void serve(HttpExchange exchange);

    /** The answer to a request that was not read whole.
     *
     * @param head null when it could not be read
     */
    HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source);

    /** Ends what runs: the listener closes. Those who wait may still be answered. */
    default void interruptAll() {}
}
