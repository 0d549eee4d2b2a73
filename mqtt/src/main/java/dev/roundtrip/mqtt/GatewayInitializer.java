package dev.roundtrip.mqtt;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Set;

/** Accepts gateways: another protocol says who they are. */
final class GatewayInitializer extends ConnectionInitializer {
    private final UpgradeProtocol upgrade;

    GatewayInitializer(Core core, BrokerSettings settings, SslContext tls, Set<Channel> open, UpgradeProtocol upgrade) {
        super(core, settings, tls, open);
        this.upgrade = upgrade;
    }

    @Override
    void authenticate(Channel channel) {
        upgrade.initialize(new UnauthenticatedConnection(this, channel));
    }

    void extend(Channel channel, Duration time) {
        core.unauthenticated.computeIfPresent(channel, (known, deadline) -> core.clock.nanos() + time.toNanos());
    }
}
