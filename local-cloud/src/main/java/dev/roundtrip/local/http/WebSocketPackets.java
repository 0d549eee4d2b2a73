package dev.roundtrip.local.http;

import dev.roundtrip.mqtt.TransportEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/** Carries MQTT's bytes in binary frames; where one packet ends has nothing to do with where a frame ends. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class WebSocketPackets extends ChannelDuplexHandler {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case BinaryWebSocketFrame frame -> context.fireChannelRead(frame.content());
            case ContinuationWebSocketFrame frame -> context.fireChannelRead(frame.content());
            case CloseWebSocketFrame close -> {
                close.release();
                context.fireUserEventTriggered(TransportEvent.CLOSED_BY_CLIENT);
                context.close();
            }
            case WebSocketFrame other -> {
                other.release();
                context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE));
                context.close();
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }
}
