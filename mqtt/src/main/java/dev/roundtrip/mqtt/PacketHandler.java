package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.InboundPublishes.Outcome;
import dev.roundtrip.mqtt.packet.Packet;
import dev.roundtrip.mqtt.packet.PacketWriter;
import dev.roundtrip.mqtt.packet.Properties;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.time.Duration;
import java.util.List;

/** Answers what a connected client says. Used by one event loop. */
final class PacketHandler {
    private final Core core;
    private final Connection connection;
    private final Outbox outbox;
    private final PubAcks pubAcks;
    private int unsentPubAcks;

    PacketHandler(Core core, Connection connection, Outbox outbox) {
        this.core = core;
        this.connection = connection;
        this.outbox = outbox;
        this.pubAcks = new PubAcks(connection, outbox);
    }

    void take(Packet.FromConnected packet, ConnectedHandler established) {
        switch (packet) {
            case Packet.Publish publish -> publish(publish, established);
            case Packet.PubAck pubAck -> established.session.acknowledge(connection, pubAck);
            case Packet.Subscribe subscribe -> subscribe(subscribe, established);
            case Packet.Unsubscribe unsubscribe -> {
                List<ReasonCode> answers = established.subscriptions.unsubscribe(unsubscribe);
                core.counters.unsubscribes.increment();
                PacketWriter.unsubAck(outbox.buffer(), established.terms.version(), unsubscribe.packetId(), answers);
            }
            case Packet.PingReq ping -> {
                outbox.drain(connection, established); // What was there before the ping comes before its answer.
                PacketWriter.pingResp(outbox.buffer());
            }
            case Packet.Disconnect disconnect -> disconnect(disconnect, established);
        }
    }

    /** Notes that everything written so far is on its way: the client may know of each acknowledgement. */
    void sent() {
        unsentPubAcks = pubAcks.waiting();
    }

    private void publish(Packet.Publish publish, ConnectedHandler established) {
        boolean mqtt5 = established.terms.version() == ProtocolVersion.MQTT_5;
        boolean acknowledged = publish.packetId() != 0;
        if (acknowledged && ++unsentPubAcks > core.limits.sessions().inboundInFlight() && mqtt5) {
            connection.end(DisconnectReason.CLIENT_ERROR, ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
            return;
        }
        Outcome outcome = established.publishes.take(publish);
        boolean answerable = outcome.isTaken() || (mqtt5 && !outcome.isFatal());
        if (acknowledged && answerable) {
            pubAcks.add(established.terms.version(), publish.packetId(), outcome.code, established.publishes.stored());
            return;
        }
        switch (outcome) {
            case TAKEN, UNHEARD, THROTTLED, NO_ROOM -> {}
            case FORBIDDEN -> connection.end(DisconnectReason.AUTH_ERROR, outcome.code);
            case TOPIC_TOO_LARGE,
                    PROPERTIES_TOO_LARGE,
                    NO_TOPIC,
                    ALIAS_INVALID,
                    TOPIC_WITH_WILDCARD,
                    TOPIC_RESERVED,
                    PAYLOAD_TOO_LARGE -> connection.end(DisconnectReason.CLIENT_ERROR, outcome.code);
        }
    }

    private void subscribe(Packet.Subscribe subscribe, ConnectedHandler established) {
        if (established.subscriptions.exceedsLimit(subscribe)) {
            connection.end(DisconnectReason.CLIENT_ERROR, ReasonCode.QUOTA_EXCEEDED);
            return;
        }
        if (established.subscriptions.isRefusedByService(subscribe)) {
            connection.end(DisconnectReason.CLIENT_ERROR, ReasonCode.TOPIC_FILTER_INVALID);
            return;
        }
        List<ReasonCode> answers = established.subscriptions.subscribe(subscribe);
        core.counters.subscribes.increment();
        PacketWriter.subAck(outbox.buffer(), established.terms.version(), subscribe.packetId(), answers);
    }

    private void disconnect(Packet.Disconnect disconnect, ConnectedHandler established) {
        long expiry = disconnect.properties().numberOr(PropertyId.SESSION_EXPIRY_INTERVAL, Properties.ABSENT);
        if (expiry > 0 && established.terms.sessionExpiry().isZero()) {
            connection.end(DisconnectReason.CLIENT_ERROR, ReasonCode.PROTOCOL_ERROR);
            return;
        }
        if (expiry != Properties.ABSENT) {
            Duration most = core.limits.sessions().maxExpiry();
            established.session.changeExpiry(connection, Duration.ofSeconds(Math.min(expiry, most.toSeconds())));
        }
        if (disconnect.reason() == 0) {
            established.forgetWill();
        }
        connection.end(DisconnectReason.CLIENT_INITIATED_DISCONNECT, ReasonCode.SUCCESS);
    }
}
