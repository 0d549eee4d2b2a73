package dev.roundtrip.mqtt;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.Set;

/** Receives devices: a client certificate of a known authority says who they are. */
final class DeviceInitializer extends ConnectionInitializer {
    DeviceInitializer(Core core, BrokerSettings settings, SslContext tls, Set<Channel> open) {
        super(core, settings, tls, open);
    }

    @Override
    void authenticate(Channel channel) {
        channel.pipeline().addLast(new CertificateCheck(this, (InetSocketAddress) channel.remoteAddress()));
    }
}
