package dev.roundtrip.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Receives devices: a client certificate of a known authority says who they are. */
final class DeviceInitializer extends ConnectionInitializer {
    private static final Duration AS_LONG_AS_IT_LIKES = Duration.ofDays(36_500);

    DeviceInitializer(Core core, BrokerSettings settings, SslContext tls, Set<Channel> open) {
        super(core, settings, tls, open);
    }

    @Override
    void authenticate(Channel channel) {
        channel.pipeline().addLast(new CertificateCheck());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
    private final class CertificateCheck extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                Optional<Principal> principal = handshake.isSuccess() ? principal(context) : Optional.empty();
                if (principal.isEmpty()) {
                    core.counters.refused.increment();
                    context.close();
                    return;
                }
                welcome(context.pipeline(), principal.get(), AS_LONG_AS_IT_LIKES);
                context.pipeline().remove(this);
            }
            context.fireUserEventTriggered(event);
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
