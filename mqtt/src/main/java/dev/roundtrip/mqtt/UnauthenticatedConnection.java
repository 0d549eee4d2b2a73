package dev.roundtrip.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection on the port for gateways whose client is not known yet. It is closed when that takes too long. Used by
 * its event loop.
 */
public final class UnauthenticatedConnection {
    private final GatewayInitializer initializer;
    private final Channel channel;
    private final @Nullable X509Certificate certificate;

    /** @param certificate that the client has shown; null when it has shown none */
    UnauthenticatedConnection(GatewayInitializer initializer, Channel channel, @Nullable X509Certificate certificate) {
        this.initializer = initializer;
        this.channel = channel;
        this.certificate = certificate;
    }

    /** The certificate that the client has shown, of an authority of devices and valid now; null when there is none.
     * Nobody has looked yet whose it is.
     */
    public @Nullable X509Certificate certificate() {
        return certificate;
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
