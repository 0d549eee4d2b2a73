package dev.roundtrip.local.iot.events;

import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.LogLine.Level;
import dev.roundtrip.local.log.Member;
import dev.roundtrip.mqtt.Action;
import dev.roundtrip.mqtt.ConnectionLog;
import dev.roundtrip.mqtt.DisconnectReason;
import dev.roundtrip.mqtt.Principal;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Makes a line of the log of each connection and each refusal of the broker. Thread-safe; never blocks.
 *
 * @param lines takes one JSON object for each connection and its end
 * @param refusals takes those for refusals
 */
public record ClientLines(Consumer<String> lines, BoundedLog refusals) implements ConnectionLog {

    @Override
    public void connected(Peer peer, ProtocolVersion version) {
        LogLine line = line(Level.INFO, Event.CONNECTED, peer)
                .with(
                        Member.PROTOCOL,
                        switch (version) {
                            case MQTT_3_1_1 -> "MQTT 3.1.1";
                            case MQTT_5 -> "MQTT 5";
                        });
        lines.accept(line.toString());
    }

    @Override
    public void disconnected(Peer peer, DisconnectReason reason, ReasonCode code, Duration connected) {
        LogLine line = line(level(reason), Event.DISCONNECTED, peer)
                .with(Member.REASON, reason.name())
                .with(Member.REASON_CODE, code == ReasonCode.SUCCESS ? null : code.name())
                .with(Member.ELAPSED, Math.max(0, connected.toMillis()));
        lines.accept(line.toString());
    }

    /** A warning when the client, or a person, should do something about it. */
    private static Level level(DisconnectReason reason) {
        return switch (reason) {
            case CLIENT_INITIATED_DISCONNECT,
                    SERVER_INITIATED_DISCONNECT,
                    API_INITIATED_DISCONNECT,
                    WEBSOCKET_TTL_EXPIRATION,
                    CONNECTION_LOST -> Level.INFO;
            case AUTH_ERROR, CLIENT_ERROR, DUPLICATE_CLIENTID, FORBIDDEN_ACCESS, MQTT_KEEP_ALIVE_TIMEOUT, THROTTLED ->
                Level.WARN;
            case SERVER_ERROR -> Level.ERROR;
        };
    }

    @Override
    public void connectRefused(Peer peer, Refusal refusal) {
        refused(Event.CONNECT_REFUSED, peer, refusal);
    }

    @Override
    public void packetRefused(Peer peer, Refusal refusal) {
        Attempt attempt = refusal.attempt();
        boolean subscribes = attempt != null && attempt.action() == Action.SUBSCRIBE;
        refused(subscribes ? Event.SUBSCRIBE_REFUSED : Event.PUBLISH_REFUSED, peer, refusal);
    }

    private void refused(Event event, Peer peer, Refusal refusal) {
        refusals.accept(event, refusal.code().name(), () -> {
            LogLine line = line(Level.WARN, event, peer)
                    .with(Member.REFUSAL, refusal.code().name())
                    .with(Member.ANSWER, refusal.answer())
                    .with(Member.MESSAGE, refusal.problem());
            Attempt attempt = refusal.attempt();
            return attempt == null
                    ? line
                    : line.with(Member.ACTION, iamName(attempt.action()))
                            .withSent(Member.RESOURCE, attempt.resource())
                            .with(Member.STATEMENT, attempt.statement());
        });
    }

    private static LogLine line(Level level, Event event, Peer peer) {
        LogLine line = LogLine.of(level, event).withSent(Member.CLIENT_ID, peer.clientId());
        Principal principal = peer.principal();
        if (principal != null) {
            line.with(Member.PRINCIPAL, principal.id()).with(Member.THING, principal.thingName());
        }
        InetSocketAddress source = peer.source();
        return source == null
                ? line
                : line.with(Member.SOURCE_IP, source.getAddress().getHostAddress())
                        .with(Member.SOURCE_PORT, source.getPort());
    }

    /** As policies write it. */
    private static String iamName(Action action) {
        return switch (action) {
            case CONNECT -> "iot:Connect";
            case PUBLISH -> "iot:Publish";
            case RETAIN_PUBLISH -> "iot:RetainPublish";
            case SUBSCRIBE -> "iot:Subscribe";
            case RECEIVE -> "iot:Receive";
        };
    }
}
