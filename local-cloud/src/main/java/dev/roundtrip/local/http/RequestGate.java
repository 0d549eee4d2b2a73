package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Finds the service of each request, and judges head and body before the body is kept. Used by the connection's event
 * loop.
 *
 * <p>A request that is not served is told as a {@link Refused}, and what follows it on the connection is thrown away.
 */
final class RequestGate extends ChannelInboundHandlerAdapter {
    private static final int VERSION_LENGTH = " HTTP/1.1".length();
    private static final int COLON_AND_SPACE = 2;

    private final HttpServices services;
    private final BodyBudget budget;
    private final Runnable bodyComes;
    /** Trust comes from the thread that verified a signature. */
    private volatile BodyBudget.Account account;

    private @Nullable Head current;
    private boolean refusing;
    private boolean extended;

    /** @param bodyComes runs once, when the first body of the connection begins that has what may be a signature */
    RequestGate(HttpServices services, BodyBudget budget, Runnable bodyComes) {
        this.services = services;
        this.bodyComes = bodyComes;
        this.budget = budget;
        this.account = budget.unverified;
    }

    /** A request whose body comes in.
     *
     * @param claim what its body takes of the budget
     */
    record Head(SignedRequest request, HttpService service, BodyBudget.Claim claim) {}

    /** A request that is not served.
     *
     * @param head null when it could not be read
     */
    record Refused(
            HttpService service, Unserved why, @Nullable SignedRequest head) {}

    /** The head of the request that has just come in whole; whoever takes it gives its claim back.
     *
     * @return null when it could not be read
     */
    @Nullable Head take() {
        Head taken = current;
        current = null;
        return taken;
    }

    /** The head of the request that comes in; null when none has begun. */
    @Nullable Head current() {
        return current;
    }

    /** Throws away what else comes. */
    void discard() {
        refusing = true;
        forget();
    }

    /** Somebody on this connection has shown a valid signature. Called by any thread. */
    void trust() {
        account = budget.verified;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refusing) {
            ReferenceCountUtil.release(message);
            return;
        }
        Refused refused =
                message instanceof HttpRequest head && head.decoderResult().isSuccess() ? begin(context, head) : null;
        if (refused == null && message instanceof HttpContent content) {
            refused = count(content);
        }
        if (refused != null) {
            discard();
            ReferenceCountUtil.release(message);
            context.fireChannelRead(refused);
            return;
        }
        boolean last = message instanceof LastHttpContent;
        context.fireChannelRead(message);
        if (last) {
            forget();
        }
    }

    private @Nullable Refused begin(ChannelHandlerContext context, HttpRequest head) {
        SignedRequest request = HttpRequests.head(head).orElse(null);
        if (request == null) {
            return new Refused(services.otherwise(), Unserved.BAD_REQUEST, null);
        }
        HttpService service = services.of(request);
        HttpLimits limits = service.limits();
        BodyBudget.Account from = account;
        if (head.method().name().length() + 1 + head.uri().length() + VERSION_LENGTH > limits.line()) {
            return new Refused(service, Unserved.URI_TOO_LONG, request);
        }
        if (hasUnknownExpectation(head)) {
            return new Refused(service, Unserved.BAD_REQUEST, request);
        }
        if (size(request) > limits.headers()) {
            return new Refused(service, Unserved.HEADERS_TOO_LARGE, request);
        }
        boolean chunked = HttpUtil.isTransferEncodingChunked(head);
        long length = HttpUtil.getContentLength(head, 0L);
        if (chunked || length > 0) {
            switch (judge(context, service, request)) {
                case NOT_ALLOWED -> {
                    return new Refused(service, Unserved.NOT_ALLOWED, request);
                }
                case TO_BE_VERIFIED -> {
                    if (!extended) {
                        // Once for each connection: nobody has shown that the signature is right.
                        extended = true;
                        bodyComes.run();
                    }
                }
                case TRUSTED -> from = budget.verified;
            }
        }
        if (length > limits.body()) {
            return new Refused(service, Unserved.BODY_TOO_LONG, request);
        }
        current = new Head(request, service, new BodyBudget.Claim(from));
        return null;
    }

    /** Whose a certificate is, is verified when the body is there, as a signature is. */
    private static HttpService.Head judge(ChannelHandlerContext context, HttpService service, SignedRequest request) {
        boolean certified = service.takesCertificates() && ClientCertificate.of(context.channel()) != null;
        return certified ? HttpService.Head.TO_BE_VERIFIED : service.judge(request);
    }

    /** The assembler would answer such a request out of turn. */
    private static boolean hasUnknownExpectation(HttpRequest head) {
        String expectation = head.headers().get(HttpHeaderNames.EXPECT);
        return expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation);
    }

    private static long size(SignedRequest request) {
        long size = 0;
        for (SignedRequest.Header header : request.headers()) {
            size += header.name().length() + header.value().length() + COLON_AND_SPACE;
        }
        return size;
    }

    private @Nullable Refused count(HttpContent content) {
        Head head = current;
        int bytes = content.content().readableBytes();
        if (head == null || bytes == 0) {
            return null;
        }
        if (!head.claim.take(bytes)) {
            return new Refused(head.service, Unserved.NO_ROOM, head.request);
        }
        return head.claim.taken() > head.service.limits().body()
                ? new Refused(head.service, Unserved.BODY_TOO_LONG, head.request)
                : null;
    }

    private void forget() {
        Head head = current;
        if (head != null) {
            head.claim.giveBack();
            current = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        context.fireChannelInactive();
    }
}
