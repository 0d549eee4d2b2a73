package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.function.Consumer;

/** Turns a connection into one of another protocol, where a request asks for it. Used by the connection's event loop.
 */
interface Takeover {
    /** Takes no connection. */
    Takeover NONE = new Takeover() {
        @Override
        public boolean isAskedFor(SignedRequest request) {
            return false;
        }

        @Override
        public void begin(ChannelHandlerContext context, Asked asked, Consumer<HttpReply> refused) {
            throw new IllegalStateException("nothing was asked for");
        }

        @Override
        public void alive() {}
    };

    /** A request to take a connection over.
     *
     * @param request still counted; whoever passes it on retains it
     * @param signed the same as it stood on the wire
     */
    record Asked(FullHttpRequest request, SignedRequest signed) {}

    /** Whether a request asks for another protocol. */
    boolean isAskedFor(SignedRequest request);

    /** Begins to take the connection over.
     *
     * @param context of the handler of HTTP, which is taken out of the pipeline when the connection is taken over
     * @param refused takes the answer when the connection is not taken over, on the event loop
     */
    void begin(ChannelHandlerContext context, Asked asked, Consumer<HttpReply> refused);

    /** The connection is used by somebody who has shown a valid signature, or sends a first body that may have one.
     * Called by any thread.
     */
    void alive();
}
