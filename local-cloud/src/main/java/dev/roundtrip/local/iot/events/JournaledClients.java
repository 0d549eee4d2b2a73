package dev.roundtrip.local.iot.events;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.mqtt.Action;
import dev.roundtrip.mqtt.ConnectionLog;
import dev.roundtrip.mqtt.DisconnectReason;
import dev.roundtrip.mqtt.Principal;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Records each connection, its end, and each refusal of the broker. Thread-safe; never blocks. */
public record JournaledClients(Recorder journal) implements ConnectionLog {

    @Override
    public void connected(Peer peer, ProtocolVersion version) {
        journal.record(entry(Step.CONNECTED, peer)
                .detail(
                        switch (version) {
                            case MQTT_3_1_1 -> "MQTT 3.1.1";
                            case MQTT_5 -> "MQTT 5";
                        }));
    }

    @Override
    public void connectRefused(Peer peer, Refusal refusal) {
        journal.record(entry(Step.CONNECT_REFUSED, peer)
                .detail(reason(refusal))
                .code(refusal.code().value()));
    }

    @Override
    public void disconnected(Peer peer, DisconnectReason reason, ReasonCode code, Duration connected) {
        journal.record(entry(Step.DISCONNECTED, peer).detail(reason.name()).code(code.value()));
    }

    @Override
    public void packetRefused(Peer peer, Refusal refusal) {
        Attempt attempt = refusal.attempt();
        boolean subscribes = attempt != null && attempt.action() == Action.SUBSCRIBE;
        journal.record(new Entry(
                        subscribes ? Step.SUBSCRIBE_REFUSED : Step.PUBLISH_REFUSED,
                        peer.clientId(),
                        attempt == null ? null : attempt.resource())
                .detail(reason(refusal))
                .code(refusal.code().value()));
    }

    private static Entry entry(Step step, Peer peer) {
        Principal principal = peer.principal();
        return new Entry(step, peer.clientId(), principal == null ? null : principal.id());
    }

    /** The policy statement where policies refused, else a sentence. */
    private static @Nullable String reason(Refusal refusal) {
        Attempt attempt = refusal.attempt();
        return attempt == null || attempt.statement() == null ? refusal.problem() : attempt.statement();
    }
}
