package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.apigateway.Refusals;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the HTTP codec made of the wire. */
public final class HttpRequests {
    private HttpRequests() {}

    /** @return empty when the request cannot be served: {@link #refusal} says why */
    public static Optional<SignedRequest> read(FullHttpRequest request) {
        // Chunks are put together by now, and the word is gone: whatever is left would be read otherwise by others.
        boolean sound = request.decoderResult().isSuccess()
                && request.protocolVersion().majorVersion() == 1
                && request.headers().getAll(HttpHeaderNames.HOST).size() == 1
                && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        if (!sound) {
            return Optional.empty();
        }
        return RequestTarget.parse(request.uri()).map(target -> read(request, target));
    }

    /** The answer to a request that cannot be served. */
    public static HttpReply refusal(FullHttpRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            return Refusals.uriTooLong();
        }
        return cause instanceof TooLongHttpHeaderException ? Refusals.headersTooLarge() : Refusals.badRequest();
    }

    private static SignedRequest read(FullHttpRequest request, RequestTarget target) {
        List<Header> headers = new ArrayList<>(request.headers().size());
        for (Iterator<Map.Entry<String, String>> all = request.headers().iteratorAsString(); all.hasNext(); ) {
            Map.Entry<String, String> header = all.next();
            headers.add(new Header(header.getKey(), header.getValue()));
        }
        return new SignedRequest(
                request.method().name(),
                target.path(),
                target.query(),
                headers,
                ByteBufUtil.getBytes(request.content()));
    }
}
