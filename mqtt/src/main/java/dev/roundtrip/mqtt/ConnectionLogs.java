package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.time.Duration;

/** Two logs, told one after the other. */
public record ConnectionLogs(ConnectionLog first, ConnectionLog second) implements ConnectionLog {
    @Override
    public void connected(Peer peer, ProtocolVersion version) {
        first.connected(peer, version);
        second.connected(peer, version);
    }

    @Override
    public void connectRefused(Peer peer, Refusal refusal) {
        first.connectRefused(peer, refusal);
        second.connectRefused(peer, refusal);
    }

    @Override
    public void disconnected(Peer peer, DisconnectReason reason, ReasonCode code, Duration connected) {
        first.disconnected(peer, reason, code, connected);
        second.disconnected(peer, reason, code, connected);
    }

    @Override
    public void packetRefused(Peer peer, Refusal refusal) {
        first.packetRefused(peer, refusal);
        second.packetRefused(peer, refusal);
    }
}
