package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request that came in whole, and the way back for its answer. Thread-safe, except where it says otherwise. */
public interface HttpExchange {

    /** The request as it stood on the wire. */
    SignedRequest request();

    /** The other end's address. */
    InetAddress source();

    /** The certificate that the client has shown in the TLS handshake, and whose key it has; null for none. */
    default @Nullable X509Certificate clientCertificate() {
        return null;
    }

    /** The signature is right: the memory of the body is counted no longer, and the connection is trusted with larger
     * bodies.
     */
    void verified();

    /** Does something unless the answer is there before that; called within {@link HttpService#serve} alone, at most
     * once.
     *
     * @param task runs on the event loop
     */
    void after(Duration time, Runnable task);

    /** Does something later, whether the answer is there or not.
     *
     * @param task runs on the event loop
     */
    void later(Duration time, Runnable task);

    /** Sends the answer; the first one counts. */
    void answer(HttpReply reply);

    /** Sends the head of an answer whose body is written later, in place of an answer; the connection takes no further
     * request. Not for a HEAD, whose answer has no body.
     *
     * @param head its body is passed over
     * @return one that is not open when the request is answered already
     */
    HttpStream stream(HttpReply head);
}
