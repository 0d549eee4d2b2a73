package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.ReasonCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Receives devices: a client certificate of a known authority says who they are. */
final class DeviceInitializer extends ConnectionInitializer {
    private static final Duration AS_LONG_AS_IT_LIKES = Duration.ofDays(36_500);

    DeviceInitializer(Core core, BrokerSettings settings, SslContext tls, Set<Channel> open) {
        super(core, settings, tls, open);
    }

    @Override
    void authenticate(Channel channel) {
        channel.pipeline().addLast(new CertificateCheck((InetSocketAddress) channel.remoteAddress()));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
    private final class CertificateCheck extends ChannelInboundHandlerAdapter {
        /** Asked for early: a socket that is closed does not know it. */
        private final @Nullable InetSocketAddress source;

        private CertificateCheck(@Nullable InetSocketAddress source) {
            this.source = source;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                Optional<Principal> principal = handshake.isSuccess() ? principal(context) : Optional.empty();
                if (principal.isEmpty()) {
                    core.counters.refused.increment();
                    refused(handshake);
                    context.close();
                    return;
                }
                welcome(context.pipeline(), principal.get(), AS_LONG_AS_IT_LIKES);
                context.pipeline().remove(this);
            }
            context.fireUserEventTriggered(event);
        }

        /** A client that goes away before the handshake ends is not refused. */
        private void refused(SslHandshakeCompletionEvent handshake) {
            Throwable cause = handshake.cause();
            if (cause == null) {
                refused("no thing has the certificate, or it is not active");
            } else if (cause.getClass() == SSLHandshakeException.class || cause instanceof NotSslRecordException) {
                refused("the TLS handshake failed: " + rootOf(cause).getClass().getSimpleName());
            }
        }

        private void refused(String problem) {
            core.log.connectRefused(
                    new ConnectionLog.Peer(null, null, source),
                    new ConnectionLog.Refusal(
                            ReasonCode.NOT_AUTHORIZED, ConnectionLog.Refusal.NO_ANSWER, problem, null));
        }

        private static Throwable rootOf(Throwable failure) {
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root;
        }

        private Optional<Principal> principal(ChannelHandlerContext context) throws SSLPeerUnverifiedException {
            SslHandler ssl = context.pipeline().get(SslHandler.class);
            return ssl.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? authentication.byCertificate(leaf)
                    : Optional.empty();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
