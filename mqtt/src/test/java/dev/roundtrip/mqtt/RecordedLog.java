package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a broker tells its log, a line each. */
final class RecordedLog implements ConnectionLog {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void connected(Peer peer, ProtocolVersion version) {
        lines.add("connected " + describe(peer) + " " + version);
    }

    @Override
    public void connectRefused(Peer peer, Refusal refusal) {
        lines.add("refused " + describe(peer) + " " + describe(refusal));
    }

    @Override
    public void disconnected(Peer peer, DisconnectReason reason, ReasonCode code, Duration connected) {
        lines.add("disconnected " + describe(peer) + " " + reason + " " + code + " " + connected);
    }

    @Override
    public void packetRefused(Peer peer, Refusal refusal) {
        lines.add("refused " + describe(peer) + " " + describe(refusal));
    }

    private static String describe(Peer peer) {
        Principal principal = peer.principal();
        return '"' + peer.clientId() + "\" of " + (principal == null ? "nobody" : principal.id());
    }

    private static String describe(Refusal refusal) {
        Attempt attempt = refusal.attempt();
        String refused = refusal.code() + ", " + refusal.answer() + ", " + refusal.problem();
        return attempt == null
                ? refused
                : refused + ", " + attempt.action() + " " + attempt.resource() + ": " + attempt.statement();
    }
}
