package dev.roundtrip.local.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts head and body together. The gate before it refuses bodies that are too long. */
final class RequestAssembler extends HttpObjectAggregator {

    /** @param maxBytes the longest body of any service */
    RequestAssembler(int maxBytes) {
        super(maxBytes);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        throw new IllegalStateException("a body passed the gate that is larger than any service takes");
    }

    /** Answers {@code Expect: 100-continue}, and leaves the header where it is: it may be signed. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        if (start.decoderResult().isFailure()) {
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
