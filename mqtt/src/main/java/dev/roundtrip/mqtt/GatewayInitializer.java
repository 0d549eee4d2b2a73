package dev.roundtrip.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accepts gateways: another protocol says who they are. Accepts devices too that ask for MQTT in the handshake. */
final class GatewayInitializer extends ConnectionInitializer {
    private final UpgradeProtocol upgrade;

    GatewayInitializer(Core core, BrokerSettings settings, SslContext tls, Set<Channel> open, UpgradeProtocol upgrade) {
        super(core, settings, tls, open);
        this.upgrade = upgrade;
    }

    @Override
    void authenticate(Channel channel) {
        channel.pipeline().addLast(new ProtocolSelection());
    }

    void extend(Channel channel, Duration time) {
        core.unauthenticated.computeIfPresent(channel, (known, deadline) -> core.clock.nanos() + time.toNanos());
    }

    /** Adds the handlers of the protocol that was agreed on in the handshake. */
    @SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed close through the pipeline.
    private final class ProtocolSelection extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                context.fireUserEventTriggered(event);
                return;
            }
            if (!handshake.isSuccess()) {
                context.close();
                return;
            }
            String agreed = context.pipeline().get(SslHandler.class).applicationProtocol();
            select(context, agreed == null ? AlpnName.SIGNED : agreed);
            context.fireUserEventTriggered(event);
            context.pipeline().remove(this);
        }

        private void select(ChannelHandlerContext context, String agreed) {
            @Nullable X509Certificate certificate = certificate(context.pipeline());
            if (agreed.equals(AlpnName.MQTT)) {
                InetSocketAddress source = (InetSocketAddress) context.channel().remoteAddress();
                context.pipeline().addLast(new CertificateCheck(GatewayInitializer.this, source));
            } else if (agreed.equals(AlpnName.HTTPS) && certificate == null) {
                core.counters.refused.increment();
                context.close();
            } else {
                upgrade.initialize(
                        new UnauthenticatedConnection(GatewayInitializer.this, context.channel(), certificate));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
