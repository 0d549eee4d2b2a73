package dev.roundtrip.local.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Counts the body that comes in on one connection, and reports when there is no room for it. Runs on the connection's event loop. */
public final class BodyMeter extends ChannelInboundHandlerAdapter {

    /** Told as a user event. */
    public enum Report {
        /** The body has no room; what follows on this connection is thrown away. */
        NO_ROOM
    }

    private final BodyBudget budget;
    private long taken;
    private boolean full;

    public BodyMeter(BodyBudget budget) {
        this.budget = budget;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (full) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpContent content) {
            int bytes = content.content().readableBytes();
            if (!budget.take(bytes)) {
                full = true;
                giveBack();
                ReferenceCountUtil.release(message);
                context.fireUserEventTriggered(Report.NO_ROOM);
                return;
            }
            taken += bytes;
        }
        boolean last = message instanceof LastHttpContent;
        context.fireChannelRead(message);
        if (last) {
            giveBack();
        }
    }

    private void giveBack() {
        budget.giveBack(taken);
        taken = 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        giveBack();
        context.fireChannelInactive();
    }
}
