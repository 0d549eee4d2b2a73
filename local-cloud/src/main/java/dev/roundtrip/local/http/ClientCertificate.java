package dev.roundtrip.local.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** The certificate that the client of a connection has shown in the TLS handshake. */
final class ClientCertificate {
    static final AttributeKey<X509Certificate> KEY = AttributeKey.valueOf(ClientCertificate.class, "leaf");

    private ClientCertificate() {}

    /** Null when the client has shown none. */
    static @Nullable X509Certificate of(Channel channel) {
        return channel.attr(KEY).get();
    }
}
