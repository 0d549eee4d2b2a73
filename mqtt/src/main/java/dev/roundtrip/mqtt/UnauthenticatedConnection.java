package dev.roundtrip.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;

/** A connection on the port for gateways whose client is not known yet. It is closed when that takes too long. Used by
 * its event loop.
 */
public final class UnauthenticatedConnection {
    private final GatewayInitializer initializer;
    private final Channel channel;

    UnauthenticatedConnection(GatewayInitializer initializer, Channel channel) {
        this.initializer = initializer;
        this.channel = channel;
    }

    /** What its handlers are added to. */
    public Channel channel() {
        return channel;
    }

    /** Gives it so much time from now on, because its client does something else than connect.
     * Called by any thread.
     */
    public void extend(Duration time) {
        initializer.extend(channel, time);
    }

    /** Counts it among the connections that were refused. */
    public void countRefusal() {
        initializer.core.counters.refused.increment();
    }

    /** Adds the handlers of MQTT at the pipeline's end.
     *
     * @param principal who the client is
     */
    public void speakMqtt(ChannelPipeline pipeline, Principal principal) {
        initializer.welcome(
                pipeline, principal, initializer.core.limits.sessions().websocketLifetime());
    }
}
