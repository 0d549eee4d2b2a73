package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.PacketWriter;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.PublishHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Collects what is written in one turn of the event loop, so that many packets leave as one buffer. Used by one event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class Outbox {
    private static final int BATCH_BYTES = 32 * 1024;
    private static final int FIRST_CAPACITY = 512;

    /** 16,000 acknowledgements; our choice. A client of MQTT 5 has 100 of them outstanding at most. */
    private static final int MAX_KEPT_BYTES = 64 * 1024;

    /** A client that reads takes a batch in less, however slow its network is; our choice. */
    private static final long STALLED = TimeUnit.SECONDS.toNanos(10);

    private final Channel channel;
    private final Core core;
    private final Runnable more;
    private final List<Delivery> batch = new ArrayList<>();
    private long unsent;
    private volatile long stalledAt = Message.NEVER;
    private int kept;
    private boolean starved;
    private @Nullable ByteBuf buffer;

    /** @param more asks to be drained again */
    Outbox(Channel channel, Core core, Runnable more) {
        this.more = more;
        this.channel = channel;
        this.core = core;
    }

    /** Where the next packet is to be written. */
    ByteBuf buffer() {
        ByteBuf present = buffer;
        if (present == null) {
            present = channel.alloc().buffer(FIRST_CAPACITY);
            buffer = present;
        }
        return present;
    }

    /** Writes what waits for the session as long as the client's socket takes it. */
    void drain(Connection connection, ConnectedHandler established) {
        ProtocolVersion version = established.terms.version();
        boolean mayBeMore = true;
        while (mayBeMore && mayWriteMore()) {
            mayBeMore = established.session.take(connection, BATCH_BYTES, batch);
            long now = batch.isEmpty() ? 0 : core.clock.nanos();
            for (Delivery delivery : batch) {
                core.messages.sent(established.session.clientId, delivery.message.publication(), delivery.qos);
                PacketWriter.publish(buffer(), version, delivery.message.publication(), header(delivery, now));
            }
            core.counters.delivered.add(batch.size());
            batch.clear();
            if (mayBeMore) {
                flush();
            }
        }
    }

    static PublishHeader header(Delivery delivery, long now) {
        return new PublishHeader(
                delivery.packetId, delivery.duplicate, delivery.retain, delivery.message.expirySeconds(now));
    }

    /** Writes what was collected. While the socket takes nothing more, acknowledgements are kept here: they go behind
     * what is in front of them anyway, and are small here.
     *
     * @return false when something is kept
     */
    boolean flush() {
        ByteBuf collected = buffer;
        if (collected != null && !channel.isWritable()) {
            core.backlog.takeAnyway(collected.readableBytes() - kept);
            kept = collected.readableBytes();
            return false;
        }
        flushLast();
        return true;
    }

    /** Writes what was collected, whether or not the socket takes more. */
    void flushLast() {
        ByteBuf full = buffer;
        if (full != null) {
            buffer = null;
            int bytes = full.readableBytes();
            core.backlog.takeAnyway(bytes - kept);
            kept = 0;
            if (unsent == 0) {
                stalledAt = core.clock.nanos() + STALLED;
            }
            unsent += bytes;
            channel.writeAndFlush(full).addListener(written -> sent(bytes));
        }
    }

    private void sent(int bytes) {
        core.backlog.giveBack(bytes);
        unsent -= bytes;
        stalledAt = unsent == 0 ? Message.NEVER : core.clock.nanos() + STALLED;
        if (starved && unsent == 0) {
            starved = false;
            more.run();
        }
    }

    /** Tells whether the client's socket has taken nothing for so long that the client does not read; any thread asks.
     */
    boolean hasStalled(long now) {
        return Message.isOver(stalledAt, now);
    }

    /** While the account is tight, a client gets the next batch when its socket has taken the last one. */
    private boolean mayWriteMore() {
        starved = unsent > 0 && core.backlog.isTight();
        return channel.isWritable() && !starved;
    }

    /** Tells whether so many acknowledgements are kept for a client that does not read that nothing more is to be read
     * from it.
     */
    boolean isFull() {
        ByteBuf collected = buffer;
        return collected != null && collected.readableBytes() >= MAX_KEPT_BYTES && !channel.isWritable();
    }

    void discard() {
        ByteBuf lost = buffer;
        if (lost != null) {
            buffer = null;
            core.backlog.giveBack(kept);
            kept = 0;
            lost.release();
        }
    }
}
