package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.PacketDecoder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.traffic.ChannelTrafficShapingHandler;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What happens to every accepted socket before anybody knows who it is, and what happens once that is known. */
abstract sealed class ConnectionInitializer extends ChannelInitializer<Channel>
        permits DeviceInitializer, GatewayInitializer {
    private static final Duration CLOSE_NOTIFY = Duration.ofMillis(300);

    final Core core;
    final Authentication authentication;
    private final Timeouts timeouts;
    private final SslContext tls;
    private final Set<Channel> open;

    ConnectionInitializer(Core core, BrokerSettings settings, SslContext tls, Set<Channel> open) {
        this.core = core;
        this.authentication = settings.authentication();
        this.timeouts = settings.timeouts();
        this.tls = tls;
        this.open = open;
    }

    @Override
    protected void initChannel(Channel channel) {
        open.add(channel);
        core.unauthenticated.put(
                channel, core.clock.nanos() + timeouts.connect().toNanos());
        channel.closeFuture().addListener(closed -> {
            open.remove(channel);
            core.unauthenticated.remove(channel);
        });
        SslHandler ssl = tls.newHandler(channel.alloc());
        ssl.setHandshakeTimeoutMillis(timeouts.handshake().toMillis());
        ssl.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY.toMillis());
        channel.pipeline().addLast(ssl);
        authenticate(channel);
    }

    /** Adds the handlers that find out who it is. */
    abstract void authenticate(Channel channel);

    /** The certificate that the client has shown in the handshake, which has ended; null when it has shown none. */
    static @Nullable X509Certificate certificate(ChannelPipeline pipeline) {
        try {
            Certificate leaf =
                    pipeline.get(SslHandler.class).engine().getSession().getPeerCertificates()[0];
            return leaf instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    /** Adds the handlers that speak MQTT. */
    final void welcome(ChannelPipeline pipeline, Principal principal, Duration lifetime) {
        int bytesPerSecond = core.limits.rates().bytesPerConnection();
        if (bytesPerSecond > 0) {
            pipeline.addLast(new ChannelTrafficShapingHandler(bytesPerSecond, bytesPerSecond));
        }
        Channel channel = pipeline.channel();
        InetSocketAddress source = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress target = (InetSocketAddress) channel.localAddress();
        pipeline.addLast(new PacketDecoder(core.limits.messages().maxPacketBytes()));
        pipeline.addLast(new Connection(core, channel, new ClientAddress(principal, source, target, lifetime)));
    }
}
