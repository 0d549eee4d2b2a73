package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.ConnectionLog.Refusal;
import dev.roundtrip.mqtt.packet.Packet;
import dev.roundtrip.mqtt.packet.PacketWriter;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One client's connection, from its CONNECT to its end.
 *
 * <p>Packets are read and written on the channel's event loop alone. Other threads may {@link #schedule} and
 * {@link #end}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close through the pipeline.
final class Connection extends SimpleChannelInboundHandler<Packet> implements Runnable {
    private final Core core;
    private final ConnectHandler connectHandler;
    private final Channel channel;
    private final ClientAddress origin;
    private final Outbox outbox;
    private final long openedAt;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable ConnectedHandler established;
    private volatile long heardAt;
    private final PacketHandler packets;
    private volatile ReasonCode endCode = ReasonCode.SUCCESS;

    /** The principal's version for which it is known to be active. */
    private long activeVersion;

    private boolean connAckSent;
    private boolean heard;
    private boolean stoppedReading;

    Connection(Core core, Channel channel, ClientAddress origin) {
        this.core = core;
        this.connectHandler = new ConnectHandler(core);
        this.channel = channel;
        this.origin = origin;
        this.outbox = new Outbox(channel, core, this::schedule);
        this.packets = new PacketHandler(core, this, outbox);
        this.openedAt = core.clock.nanos();
        this.heardAt = openedAt;
        this.activeVersion = origin.principal().version() - 1;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Packet packet) {
        if (ended.get()) {
            return;
        }
        heard = true;
        ConnectedHandler present = established;
        switch (packet) {
            case Packet.Unreadable unreadable -> unreadable(unreadable);
            case Packet.Connect connect -> connect(connect);
            case Packet.FromConnected fromConnected -> {
                if (present == null || !connAckSent) {
                    end(DisconnectReason.CLIENT_ERROR, ReasonCode.PROTOCOL_ERROR);
                } else {
                    packets.take(fromConnected, present);
                    stopReadingWhenFull();
                }
            }
        }
    }

    private void unreadable(Packet.Unreadable unreadable) {
        boolean answered = unreadable.reason() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
        ProtocolVersion version = unreadable.version();
        if (established == null && (answered || version == ProtocolVersion.MQTT_5)) {
            refuse(
                    version == null ? ProtocolVersion.MQTT_3_1_1 : version,
                    "",
                    new ConnectHandler.Refused(unreadable.reason(), unreadable.problem()));
        } else {
            if (established == null) {
                refusedSilently(unreadable.reason(), unreadable.problem());
            }
            end(DisconnectReason.CLIENT_ERROR, unreadable.reason());
        }
    }

    private void refuse(ProtocolVersion version, String clientId, ConnectHandler.Refused refusal) {
        core.counters.refused.increment();
        core.log.connectRefused(
                peer(clientId),
                new Refusal(
                        refusal.reason(),
                        ConnAcks.describe(version, refusal.reason()),
                        refusal.problem(),
                        refusal.attempt()));
        ConnAcks.refused(outbox.buffer(), version, refusal.reason(), refusal.problem());
        end(DisconnectReason.CLIENT_ERROR, ReasonCode.SUCCESS);
    }

    private void refusedSilently(ReasonCode code, String problem) {
        core.log.connectRefused(peer(""), new Refusal(code, Refusal.NO_ANSWER, problem, null));
    }

    private ConnectionLog.Peer peer(String clientId) {
        return new ConnectionLog.Peer(clientId, origin.principal(), origin.source());
    }

    private void connect(Packet.Connect connect) {
        if (established != null) {
            end(DisconnectReason.CLIENT_ERROR, ReasonCode.PROTOCOL_ERROR);
            return;
        }
        switch (connectHandler.decide(
                connect, origin.principal(), origin.source().getAddress())) {
            case ConnectHandler.Refused refusal -> {
                if (refusal.reason() == ReasonCode.NOT_AUTHORIZED) {
                    LifecycleListener.Client client = new LifecycleListener.Client(
                            connect.clientId(), origin.principal(), channel.id().asLongText());
                    core.lifecycle.connectFailed(client, origin.source().getAddress());
                }
                refuse(connect.version(), connect.clientId(), refusal);
            }
            case ConnectHandler.Accepted terms -> accept(connect, terms);
        }
    }

    private void accept(Packet.Connect connect, ConnectHandler.Accepted terms) {
        core.counters.accepted.increment();
        Sessions.Opened opened = core.sessions.open(this, terms);
        core.unauthenticated.remove(channel);
        ConnAcks.accepted(outbox.buffer(), core.limits, terms, connect.clientId(), opened.present());
        if (!ended.get()) {
            opened.session().subscriptions.values().forEach(core.router::handOut);
        }
        schedule();
    }

    /** Makes the session this connection's own; called once, before any other thread can meet the two together. */
    void own(Session session, ConnectHandler.Accepted terms) {
        ConnectedHandler own = new ConnectedHandler(core, this, session, terms);
        core.counters.connected.incrementAndGet();
        long version = core.presence.connected(new ClientState.Connected(
                terms.clientId(),
                core.clock.now(),
                origin.principal().thingName(),
                origin.source(),
                origin.target(),
                terms.cleanStart(),
                terms.askedKeepAlive(),
                terms.sessionExpiry()));
        own.notePresenceVersion(version);
        established = own;
        core.connections.add(this);
        core.lifecycle.connected(own.client, origin.source().getAddress(), version);
        core.log.connected(own.peer, terms.version());
    }

    /** Where the client is, and who. */
    ClientAddress origin() {
        return origin;
    }

    /** Ends the connection, once: takes it from its session, hands over the will, tells subscribers, and closes the
     * channel.
     *
     * @param code what a client of MQTT 5 is told; nothing for {@link ReasonCode#SUCCESS}
     */
    void end(DisconnectReason reason, ReasonCode code) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        endCode = code;
        ConnectedHandler present = established;
        try {
            if (present != null) {
                core.sessions.close(present.session, this, reason);
            }
        } finally {
            if (channel.eventLoop().inEventLoop()) {
                close(present, code);
            } else {
                channel.eventLoop().execute(() -> close(present, code));
            }
        }
    }

    /** Ends the connection as a failing network does: what is on its way is lost, and nobody says goodbye. */
    void cut() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        end(DisconnectReason.CONNECTION_LOST, ReasonCode.SUCCESS);
    }

    /** Hands over the will and tells subscribers; called once, by whoever took the connection from its session, while
     * nobody else can give that session a connection.
     */
    void leave(DisconnectReason reason) {
        ConnectedHandler present = established;
        if (present == null) {
            return;
        }
        core.connections.remove(this);
        core.counters.connected.decrementAndGet();
        LastWill will = present.takeWill();
        if (will != null) {
            core.wills.connectionEnded(present.session, will);
        }
        core.presence.disconnected(present.client.clientId(), present.presenceVersion(), reason);
        core.lifecycle.disconnected(present.client, reason, present.presenceVersion());
        core.log.disconnected(present.peer, reason, endCode, Duration.ofNanos(core.clock.nanos() - openedAt));
    }

    private void close(@Nullable ConnectedHandler present, ReasonCode code) {
        if (present != null && code.isError() && present.terms.version() == ProtocolVersion.MQTT_5) {
            PacketWriter.disconnect(outbox.buffer(), code);
        }
        outbox.flushLast();
        channel.close();
    }

    /** Asks the event loop to write what waits; any thread, as often as it likes, also after the broker's stop. */
    void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(this);
            } catch (RejectedExecutionException stopped) {
                // The event loop ended with the broker, and the connection with it: nothing is written any more.
            }
        }
    }

    /** Writes what waits; the event loop's. */
    @Override
    public void run() {
        scheduled.set(false);
        ConnectedHandler present = established;
        if (ended.get()) {
            return;
        }
        if (present != null) {
            outbox.drain(this, present);
            if (present.session.hasRoomForGroupsAgain()) {
                present.session.subscriptions.values().forEach(core.router::handOut);
            }
            connAckSent = true;
        }
        if (outbox.flush()) {
            packets.sent();
            readAgain();
        }
    }

    /** Has the event loop write something, unless the connection has ended by then. */
    void write(Runnable work) {
        try {
            channel.eventLoop().execute(() -> {
                if (!ended.get()) {
                    work.run();
                    schedule();
                }
            });
        } catch (RejectedExecutionException stopped) {
            // As in schedule.
        }
    }

    /** A client that only writes is read from as long as there is room for what it is answered. */
    private void stopReadingWhenFull() {
        if (outbox.isFull()) {
            stoppedReading = true;
            channel.config().setAutoRead(false);
        }
    }

    private void readAgain() {
        if (stoppedReading) {
            stoppedReading = false;
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (heard) {
            heard = false;
            heardAt = core.clock.nanos();
            schedule();
        }
        context.fireChannelReadComplete();
    }

    /** A client that does not read is still read from: it may have one thread, and that one is writing. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        schedule();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        ConnectedHandler present = established;
        if (event == TransportEvent.CLOSED_BY_CLIENT) {
            if (present != null && !ended.get()) {
                present.forgetWill();
            }
            end(DisconnectReason.CLIENT_INITIATED_DISCONNECT, ReasonCode.SUCCESS);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(DisconnectReason.CONNECTION_LOST, ReasonCode.SUCCESS);
        outbox.discard();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Defects.isLoss(cause)) {
            end(DisconnectReason.CONNECTION_LOST, ReasonCode.SUCCESS);
        } else if (Defects.isMalformed(cause)) {
            end(DisconnectReason.CLIENT_ERROR, ReasonCode.MALFORMED_PACKET);
        } else {
            Defects.log("A connection ended", cause);
            end(DisconnectReason.SERVER_ERROR, ReasonCode.UNSPECIFIED_ERROR);
        }
    }

    /** Looks at the deadlines of an accepted connection. */
    void sweep(long now) {
        ConnectedHandler present = established;
        if (present == null) {
            return;
        }
        // In nanoseconds: a Duration is divided by way of BigDecimal, for each connection in each sweep.
        long patience = present.terms.keepAlive().toNanos() / 2 * 3;
        if (isNoLongerActive()) {
            end(DisconnectReason.FORBIDDEN_ACCESS, ReasonCode.NOT_AUTHORIZED);
        } else if (now - heardAt >= patience) {
            end(DisconnectReason.MQTT_KEEP_ALIVE_TIMEOUT, ReasonCode.KEEP_ALIVE_TIMEOUT);
        } else if (now - openedAt >= origin.lifetime().toNanos()) {
            end(DisconnectReason.WEBSOCKET_TTL_EXPIRATION, ReasonCode.ADMINISTRATIVE_ACTION);
        } else if (core.backlog.isFull() && outbox.hasStalled(now)) {
            end(DisconnectReason.THROTTLED, ReasonCode.QUOTA_EXCEEDED);
        }
    }

    /** Asked by the thread that sweeps, alone. */
    private boolean isNoLongerActive() {
        long version = origin.principal().version();
        if (version == activeVersion) {
            return false;
        }
        activeVersion = version;
        return !origin.principal().isActive();
    }

    /** Takes a permit for one more message to the client; one without a permit is dropped. */
    boolean mayTakeNow() {
        ConnectedHandler present = established;
        return present != null && present.rate.tryAcquire();
    }

    /** Tells whether the client takes a message of this size at all. */
    boolean fits(Delivery delivery) {
        ConnectedHandler present = established;
        return present != null
                && (present.terms.maxPacketBytes() == Long.MAX_VALUE
                        || PacketWriter.publishSize(
                                        present.terms.version(),
                                        delivery.message.publication(),
                                        Outbox.header(delivery, core.clock.nanos()))
                                <= present.terms.maxPacketBytes());
    }

    /** Sends no will, whatever ends the connection. */
    void forgetWill() {
        ConnectedHandler present = established;
        if (present != null) {
            present.forgetWill();
        }
    }

    /** Tells whether the client has not read what was written to it. */
    boolean isBehind() {
        return !channel.isWritable();
    }

    /** How long an unacknowledged message is kept while the client stays connected. */
    Duration retryWindow() {
        ConnectedHandler present = established;
        return present != null && present.terms.version() == ProtocolVersion.MQTT_3_1_1
                ? core.limits.sessions().retryMqtt3()
                : core.limits.sessions().retryMqtt5();
    }
}
