package dev.roundtrip.local.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Makes a connection speak HTTP. Thread-safe.
 *
 * @param services answer
 * @param times how long a connection may take
 * @param bodies what all bodies together may take
 * @param clock for the header {@code Date}
 */
public record HttpPipeline(HttpServices services, ConnectionTimes times, BodyBudget bodies, InstantSource clock) {
    /** With the time of this machine. */
    public HttpPipeline(HttpServices services, ConnectionTimes times, BodyBudget bodies) {
        this(services, times, bodies, InstantSource.system());
    }

    /** Adds the handlers at the pipeline's end. */
    public void addTo(ChannelPipeline pipeline) {
        addTo(pipeline, Takeover.NONE);
    }

    void addTo(ChannelPipeline pipeline, Takeover takeover) {
        RequestDecoder decoder = new RequestDecoder(services.limits());
        RequestGate gate = new RequestGate(services, bodies, takeover::alive);
        pipeline.addLast(decoder)
                .addLast(new HttpResponseEncoder())
                .addLast(gate)
                .addLast(new RequestAssembler(services.limits().body()));
        if (!times.idle().isZero()) {
            pipeline.addLast(new IdleStateHandler(0, 0, times.idle().toMillis(), TimeUnit.MILLISECONDS));
        }
        pipeline.addLast(new HttpConnection(this, decoder, gate, takeover));
    }
}
