package dev.roundtrip.local.api;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.ArrayList;
import java.util.List;

/** Makes the bytes of whole answers, outside of the pipeline. For any thread, one after the other. */
final class ResponseEncoder extends HttpResponseEncoder {

    /** One buffer, so that the answer is one write.
     *
     * @param head with headers for the body, and without the body
     * @param body left out where the status has none
     * @return to be released
     */
    ByteBuf encode(ChannelHandlerContext context, FullHttpResponse head, byte[] body) {
        boolean hasBody = !isContentAlwaysEmpty(head);
        List<Object> parts = new ArrayList<>(1);
        try {
            encode(context, head, parts);
        } catch (Exception impossible) { // Netty's signature, for messages that are not whole.
            throw new IllegalStateException("a whole answer can be encoded", impossible);
        }
        ByteBuf bytes = (ByteBuf) parts.getFirst();
        return hasBody ? bytes.writeBytes(body) : bytes;
    }
}
