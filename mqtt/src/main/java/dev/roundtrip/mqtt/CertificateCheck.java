package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.ReasonCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Finds the principal of a client certificate when the handshake has ended, and lets it speak MQTT. Used by the
 * connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class CertificateCheck extends ChannelInboundHandlerAdapter {
    private static final Duration AS_LONG_AS_IT_LIKES = Duration.ofDays(36_500);

    /** What came before the principal was known; at most what was read from the socket at once. */
    private final Queue<Object> early = new ArrayDeque<>(0);

    private boolean asking;

    private final ConnectionInitializer initializer;

    /** Asked for early: a socket that is closed does not know it. */
    private final @Nullable InetSocketAddress source;

    /** @param initializer has accepted the connection */
    CertificateCheck(ConnectionInitializer initializer, @Nullable InetSocketAddress source) {
        this.initializer = initializer;
        this.source = source;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                refuse(context, handshake.cause());
                return;
            }
            X509Certificate leaf = ConnectionInitializer.certificate(context.pipeline());
            if (leaf != null) {
                ask(context, leaf);
            } else {
                refuse(context, null);
            }
        }
        context.fireUserEventTriggered(event);
    }

    /** A client that goes away before the handshake ends is not told of.
     *
     * @param cause why the handshake failed; null when it did not
     */
    private void refuse(ChannelHandlerContext context, @Nullable Throwable cause) {
        initializer.core.counters.refused.increment();
        context.close();
        if (cause == null) {
            refused("no thing has the certificate, or it is not active");
        } else if (cause.getClass() == SSLHandshakeException.class || cause instanceof NotSslRecordException) {
            refused("the TLS handshake failed: " + rootOf(cause).getClass().getSimpleName());
        }
    }

    private void refused(String problem) {
        initializer.core.log.connectRefused(
                new ConnectionLog.Peer(null, null, source),
                new ConnectionLog.Refusal(ReasonCode.NOT_AUTHORIZED, ConnectionLog.Refusal.NO_ANSWER, problem, null));
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void ask(ChannelHandlerContext context, X509Certificate leaf) {
        CompletableFuture<Optional<Principal>> asked =
                initializer.authentication.byCertificate(leaf).toCompletableFuture();
        if (asked.isDone() && !asked.isCompletedExceptionally()) {
            decide(context, asked.join());
            return;
        }
        asking = true;
        context.channel().config().setAutoRead(false);
        asked.whenCompleteAsync(
                (principal, failure) -> {
                    asking = false;
                    context.channel().config().setAutoRead(true);
                    decide(context, failure == null ? principal : Optional.empty());
                },
                context.executor());
    }

    private void decide(ChannelHandlerContext context, Optional<Principal> principal) {
        if (principal.isEmpty()) {
            refuse(context, null);
            return;
        }
        initializer.welcome(context.pipeline(), principal.get(), AS_LONG_AS_IT_LIKES);
        while (!early.isEmpty()) {
            context.fireChannelRead(early.remove());
        }
        context.fireChannelReadComplete();
        context.pipeline().remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (asking) {
            early.add(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
