package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.ConnectionLog.Attempt;
import dev.roundtrip.mqtt.ConnectionLog.Refusal;
import dev.roundtrip.mqtt.packet.Packet.Publish;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/** What one connected client may do; the log is told what it may not. Used by one event loop. */
final class Clearance {
    private static final int FAILURE = 0x80;

    private final Core core;
    private final ConnectionLog.Peer peer;
    private final ProtocolVersion version;
    private final Permissions permissions;

    Clearance(Core core, ConnectionLog.Peer peer, ConnectHandler.Accepted terms) {
        this.core = core;
        this.peer = peer;
        this.version = terms.version();
        this.permissions = terms.permissions();
    }

    /** @param topic the topic, which an alias may stand for in the packet */
    boolean mayPublish(Publish publish, String topic) {
        Attempt denied = core.messageRules.denial(permissions, topic, publish.retain());
        if (denied == null) {
            return true;
        }
        boolean answered = version == ProtocolVersion.MQTT_5 && publish.packetId() != 0;
        String answer = answered ? coded("PUBACK", ReasonCode.NOT_AUTHORIZED.value()) : Refusal.NO_ANSWER;
        core.log.packetRefused(
                peer, new Refusal(ReasonCode.NOT_AUTHORIZED, answer, "no policy allows the message", denied));
        return false;
    }

    /** Tells the log of a message to a reserved topic that no service takes, for which the connection ends. */
    void refuseReserved(String topic) {
        ReasonCode code = ReasonCode.TOPIC_NAME_INVALID;
        core.log.packetRefused(
                peer,
                new Refusal(
                        code,
                        farewell(code),
                        "the topic is reserved, and no service takes messages of clients there",
                        new Attempt(Action.PUBLISH, topic, null)));
    }

    /** Tells the log of a subscription that a service refuses, for which the connection ends. */
    void refuseReservedFilter(String filter) {
        ReasonCode code = ReasonCode.TOPIC_FILTER_INVALID;
        core.log.packetRefused(
                peer,
                new Refusal(
                        code,
                        farewell(code),
                        "the service of these topics has no such filter",
                        new Attempt(Action.SUBSCRIBE, filter, null)));
    }

    private String farewell(ReasonCode code) {
        return switch (version) {
            case MQTT_5 -> coded("DISCONNECT", code.value());
            case MQTT_3_1_1 -> Refusal.NO_ANSWER;
        };
    }

    /** The same as {@link #maySubscribe}, and the log is told nothing. */
    boolean allowsSubscription(String filter) {
        return permissions.allows(Action.SUBSCRIBE, filter);
    }

    boolean maySubscribe(String filter) {
        if (allowsSubscription(filter)) {
            return true;
        }
        refused(
                ReasonCode.NOT_AUTHORIZED,
                filter,
                "no policy allows the subscription",
                permissions.refusal(Action.SUBSCRIBE, filter));
        return false;
    }

    /** Tells the log of a subscription that is refused, whatever policies say. */
    ReasonCode refuse(ReasonCode code, String filter, String problem) {
        refused(code, filter, problem, null);
        return code;
    }

    private void refused(ReasonCode code, String filter, String problem, @Nullable String statement) {
        String answer = coded(
                "SUBACK",
                switch (version) {
                    case MQTT_5 -> code.value();
                    case MQTT_3_1_1 -> FAILURE;
                });
        core.log.packetRefused(
                peer, new Refusal(code, answer, problem, new Attempt(Action.SUBSCRIBE, filter, statement)));
    }

    private static String coded(String packet, int code) {
        return "%s 0x%02x".formatted(packet, code);
    }
}
