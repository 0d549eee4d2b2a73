package dev.roundtrip.local.api;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/** A connection to which not only its event loop can write: who has something to say need not wake the loop first, and says it a thread hand-over earlier. */
final class OpenSocketChannel extends NioSocketChannel {

    private OpenSocketChannel(Listener parent, SocketChannel socket) {
        super(parent, socket);
    }

    /** Writes what the socket takes now, and leaves the rest unread in the buffer. For any thread, while nothing else is written to this channel.
     *
     * @throws IOException when the connection is gone
     */
    void writeNow(ByteBuf bytes) throws IOException {
        bytes.readBytes(javaChannel(), bytes.readableBytes());
    }

    /** Writes what {@link #writeNow} has left, past all handlers. For the event loop. */
    ChannelFuture writeRest(ByteBuf bytes) {
        return pipeline().firstContext().writeAndFlush(bytes);
    }

    /** Accepts connections of this kind. */
    static final class Listener extends NioServerSocketChannel {
        @Override
        protected int doReadMessages(List<Object> accepted) throws IOException {
            SocketChannel socket = javaChannel().accept();
            if (socket == null) {
                return 0;
            }
            accepted.add(new OpenSocketChannel(this, socket));
            return 1;
        }
    }
}
