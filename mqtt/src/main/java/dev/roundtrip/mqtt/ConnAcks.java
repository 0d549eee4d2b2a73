package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.PacketWriter;
import dev.roundtrip.mqtt.packet.PacketWriter.Acknowledgement;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.PropertyWriter;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import io.netty.buffer.ByteBuf;

/** Writes the answers to CONNECT. Stateless. */
final class ConnAcks {
    private static final int UNACCEPTABLE_PROTOCOL_VERSION = 1;
    private static final int IDENTIFIER_REJECTED = 2;
    private static final int SERVER_UNAVAILABLE = 3;
    /** Source: AWS IoT developer guide, 2022: 7 where MQTT 3.1.1 has 5 for "not authorized". */
    private static final int NOT_AUTHORIZED_AT_AWS = 7;

    private ConnAcks() {}

    static void accepted(
            ByteBuf out, BrokerLimits limits, ConnectHandler.Accepted terms, String askedId, boolean present) {
        PropertyWriter properties = new PropertyWriter()
                .fourBytes(
                        PropertyId.SESSION_EXPIRY_INTERVAL,
                        terms.sessionExpiry().toSeconds())
                .twoBytes(PropertyId.RECEIVE_MAXIMUM, limits.sessions().inboundInFlight())
                .oneByte(PropertyId.MAXIMUM_QOS, 1)
                .oneByte(PropertyId.RETAIN_AVAILABLE, 1)
                .fourBytes(PropertyId.MAXIMUM_PACKET_SIZE, limits.messages().maxPacketBytes())
                .twoBytes(PropertyId.TOPIC_ALIAS_MAXIMUM, limits.messages().maxTopicAliases())
                .oneByte(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, 1)
                .oneByte(PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0)
                .oneByte(PropertyId.SHARED_SUBSCRIPTION_AVAILABLE, 1)
                .twoBytes(PropertyId.SERVER_KEEP_ALIVE, (int) terms.keepAlive().toSeconds());
        if (askedId.isEmpty()) {
            properties = properties.text(PropertyId.ASSIGNED_CLIENT_IDENTIFIER, terms.clientId());
        }
        PacketWriter.connAck(out, terms.version(), new Acknowledgement(0, present), properties);
    }

    static void refused(ByteBuf out, ProtocolVersion version, ReasonCode reason, String problem) {
        switch (version) {
            case MQTT_5 ->
                PacketWriter.connAck(
                        out,
                        version,
                        new Acknowledgement(reason.value(), false),
                        new PropertyWriter().text(PropertyId.REASON_STRING, problem));
            case MQTT_3_1_1 ->
                PacketWriter.connAck(
                        out, version, new Acknowledgement(returnCode(reason), false), new PropertyWriter());
        }
    }

    /** The answer that refuses, as a log names it. */
    static String describe(ProtocolVersion version, ReasonCode reason) {
        return switch (version) {
            case MQTT_5 -> "CONNACK 0x%02x".formatted(reason.value());
            case MQTT_3_1_1 -> "CONNACK " + returnCode(reason);
        };
    }

    private static int returnCode(ReasonCode reason) {
        return switch (reason) {
            case UNSUPPORTED_PROTOCOL_VERSION -> UNACCEPTABLE_PROTOCOL_VERSION;
            case CLIENT_IDENTIFIER_NOT_VALID -> IDENTIFIER_REJECTED;
            case NOT_AUTHORIZED -> NOT_AUTHORIZED_AT_AWS;
            default -> SERVER_UNAVAILABLE;
        };
    }
}
