package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;

/** Refuses a request by its head, before any of its body is kept. Runs on the connection's event loop. */
final class HeadCheck extends ChannelInboundHandlerAdapter {
    private final HttpEndpoint endpoint;
    private final GatewayAnswers answers;
    private boolean refused;

    HeadCheck(HttpEndpoint endpoint, GatewayAnswers answers) {
        this.endpoint = endpoint;
        this.answers = answers;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!refused
                && message instanceof HttpRequest head
                && head.decoderResult().isSuccess()) {
            SignedRequest signed = GatewayRequests.signedRequest(head, new byte[0]);
            if (!signed.path().equals(GatewayRequests.MQTT_PATH) && !endpoint.mayBeAnswered(signed)) {
                refused = true;
                answers.refuseEarly(context, signed, GatewayAnswers.Refused.FORBIDDEN);
            }
        }
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }
}
