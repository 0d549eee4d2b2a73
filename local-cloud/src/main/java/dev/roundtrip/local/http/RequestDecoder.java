package dev.roundtrip.local.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Takes requests out of the bytes of one connection, and knows whether it has begun one that has not ended. Runs on
 * the connection's event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private boolean insideRequest;

    /** @param limits the largest of any service */
    RequestDecoder(HttpLimits limits) {
        super(new HttpDecoderConfig().setMaxInitialLineLength(limits.line()).setMaxHeaderSize(limits.headers()));
    }

    /** Called as long as there are bytes, so what is left behind a request's end begins the next. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        super.decode(context, buffer, out);
        insideRequest = out.isEmpty() || !(out.getLast() instanceof LastHttpContent);
    }

    /** Whether bytes have come in that belong to no whole request yet. */
    boolean isInsideRequest() {
        return insideRequest;
    }
}
