package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the HTTP codec made of the wire. */
final class HttpRequests {
    private static final byte[] NO_BODY = {};

    private HttpRequests() {}

    /** A request without its body; empty when its target is no URL. */
    static Optional<SignedRequest> head(HttpRequest request) {
        return RequestTarget.parse(request.uri())
                .map(target -> new SignedRequest(
                        request.method().name(), target.path(), target.query(), headers(request), NO_BODY));
    }

    /** A whole request; empty when nobody can be sure what it means.
     *
     * @param head what was read of it
     */
    static Optional<SignedRequest> whole(SignedRequest head, FullHttpRequest request) {
        // Chunks are put together by now, and the word is gone: whatever is left would be read otherwise by others.
        boolean sound = request.decoderResult().isSuccess()
                && request.protocolVersion().majorVersion() == 1
                && request.headers().getAll(HttpHeaderNames.HOST).size() == 1
                && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        if (!sound) {
            return Optional.empty();
        }
        boolean chunked =
                head.headers().stream().anyMatch(header -> header.name().equalsIgnoreCase("Transfer-Encoding"));
        return Optional.of(new SignedRequest(
                head.method(),
                head.path(),
                head.query(),
                chunked ? headers(request) : head.headers(),
                ByteBufUtil.getBytes(request.content())));
    }

    /** Why a request cannot be read. */
    static Unserved problem(FullHttpRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            return Unserved.URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException ? Unserved.HEADERS_TOO_LARGE : Unserved.BAD_REQUEST;
    }

    private static List<Header> headers(HttpRequest request) {
        List<Header> headers = new ArrayList<>(request.headers().size());
        for (Iterator<Map.Entry<String, String>> all = request.headers().iteratorAsString(); all.hasNext(); ) {
            Map.Entry<String, String> header = all.next();
            headers.add(new Header(header.getKey(), header.getValue()));
        }
        return headers;
    }
}
