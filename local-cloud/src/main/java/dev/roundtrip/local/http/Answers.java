package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Writes answers to a connection. Used by the connection's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails is a connection that is gone.
final class Answers {
    /** How long a client that was refused in the middle of its request may take to read the answer before it is cut
     * off; our choice.
     */
    private static final long LINGER_MILLIS = 1000;

    /** What services answer is checked when it is made. */
    private static final HttpHeadersFactory UNCHECKED_HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private static final HttpHeadersFactory NO_TRAILERS =
            DefaultHttpHeadersFactory.trailersFactory().withValidation(false);

    private final InstantSource clock;

    /** @param clock for the header {@code Date} */
    Answers(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the body is sent; the answer to a HEAD has its length alone. */
    enum Body {
        SENT,
        LEFT_OUT
    }

    /** Writes an answer.
     *
     * @param then what happens when it is written: {@link ChannelFutureListener#CLOSE} is told to the client
     */
    @SuppressWarnings("ReferenceEquality") // One object means close.
    void write(ChannelHandlerContext context, HttpReply reply, Body body, ChannelFutureListener then) {
        DefaultFullHttpResponse response = response(reply, body);
        if (then == ChannelFutureListener.CLOSE) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        context.writeAndFlush(response).addListener(then);
    }

    /** Writes the head of an answer whose body follows in chunks, until the connection is closed. */
    void writeHead(ChannelHandlerContext context, HttpReply reply, HttpVersion asked) {
        DefaultHttpResponse response = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), UNCHECKED_HEADERS);
        HttpHeaders headers = response.headers();
        for (Header header : reply.headers()) {
            headers.add(header.name(), header.value());
        }
        headers.set(HttpHeaderNames.DATE, HttpDate.format(clock.instant()));
        if (!asked.equals(HttpVersion.HTTP_1_0)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** Writes an answer to a request that may still be on its way: the rest is passed over, so that the answer can be
     * read, and a little later the connection is closed.
     */
    void writeLast(ChannelHandlerContext context, HttpReply reply, Body body) {
        DefaultFullHttpResponse response = response(reply, body);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(written -> {
            boolean plain = context.pipeline().get(SslHandler.class) == null;
            if (plain && context.channel() instanceof SocketChannel socket && socket.isActive()) {
                socket.shutdownOutput();
            }
            context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private DefaultFullHttpResponse response(HttpReply reply, Body body) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                switch (body) {
                    case SENT -> Unpooled.wrappedBuffer(reply.body());
                    case LEFT_OUT -> Unpooled.EMPTY_BUFFER;
                },
                UNCHECKED_HEADERS,
                NO_TRAILERS);
        HttpHeaders headers = response.headers();
        for (Header header : reply.headers()) {
            headers.add(header.name(), header.value());
        }
        headers.set(HttpHeaderNames.DATE, HttpDate.format(clock.instant()));
        headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        return response;
    }
}
