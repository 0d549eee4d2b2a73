package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/** A reference: the same server and client, nothing signed and nothing called. The API front is asked for a path that
 * it does not have, and says so (403), from a virtual thread
 * of its own as every call has one. */
public final class BareHttp implements RoundTrips {
    private static final int MISSING = 403;

    private final HttpLanes lanes;
    private final String request;

    /** Connects.
     *
     * @throws IOException when the API cannot be reached
     */
    public BareHttp(URI api, int lanes) throws IOException {
        this.lanes = new HttpLanes(new InetSocketAddress(api.getHost(), api.getPort()), lanes);
        this.request = "GET /Prod/nothing HTTP/1.1\r\nHost: " + api.getAuthority() + "\r\n\r\n";
    }

    @Override
    public int lanes() {
        return lanes.count();
    }

    @Override
    public void ask(int lane, Asker asker) {
        lanes.exchange(lane, new HttpLanes.Exchange() {
            @Override
            public ByteBuf request(Channel channel) {
                return ByteBufUtil.writeAscii(channel.alloc(), request);
            }

            @Override
            public void answered(HttpAnswer answer) {
                asker.ended(answer.status() == MISSING ? Ending.ANSWERED : Ending.FAILED);
            }

            @Override
            public void lost() {
                asker.ended(Ending.FAILED);
            }
        });
    }

    @Override
    public void close() {
        lanes.close();
    }
}
