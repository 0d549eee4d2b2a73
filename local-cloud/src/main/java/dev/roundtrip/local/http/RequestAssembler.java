package dev.roundtrip.local.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts head and body together, and reports a body that is too long instead of taking it. */
public final class RequestAssembler extends HttpObjectAggregator {

    /** In place of the request whose body was too long. */
    static final Object TOO_LONG = new Object() {
        @Override
        public String toString() {
            return "a request whose body is too long";
        }
    };

    /** @param maxBytes the longest body */
    public RequestAssembler(int maxBytes) {
        super(maxBytes);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        context.fireChannelRead(TOO_LONG);
    }

    /** Answers {@code Expect: 100-continue} but for a body that is too long or has no length at all, and leaves the header where it is: it may be signed. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        if (start.decoderResult().isFailure()) {
            return null;
        }
        if (HttpUtil.isContentLengthSet(start) && HttpUtil.getContentLength(start, 0L) > maxContentLength) {
            return null;
        }
        List<String> expectations = start.headers().getAll(HttpHeaderNames.EXPECT);
        Object response = super.newContinueResponse(start, maxContentLength, pipeline);
        if (response != null) {
            start.headers().set(HttpHeaderNames.EXPECT, expectations);
        }
        return response;
    }
}
