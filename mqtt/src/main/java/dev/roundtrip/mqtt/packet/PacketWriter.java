package dev.roundtrip.mqtt.packet;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Writes what a broker sends. Stateless. */
public final class PacketWriter {
    private static final int EXPIRY_BYTES = 5;

    private PacketWriter() {}

    /** Writes CONNACK.
     *
     * @param properties not written for MQTT 3.1.1
     */
    public static void connAck(
            ByteBuf out, ProtocolVersion version, Acknowledgement acknowledgement, PropertyWriter properties) {
        int length = 2 + (version == ProtocolVersion.MQTT_5 ? properties.encodedSize() : 0);
        out.writeByte(0x20);
        writeVariableInteger(out, length);
        out.writeByte(acknowledgement.sessionPresent() ? 1 : 0);
        out.writeByte(acknowledgement.code());
        if (version == ProtocolVersion.MQTT_5) {
            properties.writeTo(out);
        }
    }

    /** The variable header of CONNACK.
     *
     * @param code an MQTT 5 reason code or a return code of MQTT 3.1.1
     */
    public record Acknowledgement(int code, boolean sessionPresent) {}

    /** The size of PUBLISH in bytes. */
    public static int publishSize(ProtocolVersion version, Publication publication, PublishHeader header) {
        int remaining = publishRemaining(version, publication, header);
        return 1 + variableIntegerSize(remaining) + remaining;
    }

    /** Writes PUBLISH. */
    public static void publish(ByteBuf out, ProtocolVersion version, Publication publication, PublishHeader header) {
        int flags = (header.duplicate() ? 0x08 : 0) | (header.packetId() == 0 ? 0 : 0x02) | (header.retain() ? 1 : 0);
        out.writeByte(0x30 | flags);
        writeVariableInteger(out, publishRemaining(version, publication, header));
        out.writeShort(publication.topicBytes().length);
        out.writeBytes(publication.topicBytes());
        if (header.packetId() != 0) {
            out.writeShort(header.packetId());
        }
        if (version == ProtocolVersion.MQTT_5) {
            writeVariableInteger(out, publishProperties(publication, header));
            if (header.expirySeconds() != Properties.ABSENT) {
                out.writeByte(PropertyId.MESSAGE_EXPIRY_INTERVAL);
                out.writeInt((int) header.expirySeconds());
            }
            out.writeBytes(publication.properties());
        }
        out.writeBytes(publication.payload());
    }

    private static int publishProperties(Publication publication, PublishHeader header) {
        return publication.properties().length + (header.expirySeconds() == Properties.ABSENT ? 0 : EXPIRY_BYTES);
    }

    private static int publishRemaining(ProtocolVersion version, Publication publication, PublishHeader header) {
        int remaining = 2 + publication.topicBytes().length + publication.payload().length;
        if (header.packetId() != 0) {
            remaining += 2;
        }
        if (version == ProtocolVersion.MQTT_5) {
            int properties = publishProperties(publication, header);
            remaining += variableIntegerSize(properties) + properties;
        }
        return remaining;
    }

    /** Writes PUBACK; MQTT 3.1.1 has no reason. */
    public static void pubAck(ByteBuf out, ProtocolVersion version, int packetId, ReasonCode reason) {
        boolean withReason = version == ProtocolVersion.MQTT_5 && reason != ReasonCode.SUCCESS;
        out.writeByte(0x40);
        out.writeByte(withReason ? 3 : 2);
        out.writeShort(packetId);
        if (withReason) {
            out.writeByte(reason.value());
        }
    }

    /** Writes SUBACK; every failure is 0x80 for MQTT 3.1.1. */
    public static void subAck(ByteBuf out, ProtocolVersion version, int packetId, List<ReasonCode> reasons) {
        boolean mqtt5 = version == ProtocolVersion.MQTT_5;
        out.writeByte(0x90);
        writeVariableInteger(out, 2 + (mqtt5 ? 1 : 0) + reasons.size());
        out.writeShort(packetId);
        if (mqtt5) {
            out.writeByte(0);
        }
        for (ReasonCode reason : reasons) {
            out.writeByte(mqtt5 || !reason.isError() ? reason.value() : ReasonCode.UNSPECIFIED_ERROR.value());
        }
    }

    /** Writes UNSUBACK; MQTT 3.1.1 has no reasons. */
    public static void unsubAck(ByteBuf out, ProtocolVersion version, int packetId, List<ReasonCode> reasons) {
        boolean mqtt5 = version == ProtocolVersion.MQTT_5;
        out.writeByte(0xB0);
        writeVariableInteger(out, mqtt5 ? 3 + reasons.size() : 2);
        out.writeShort(packetId);
        if (mqtt5) {
            out.writeByte(0);
            reasons.forEach(reason -> out.writeByte(reason.value()));
        }
    }

    /** Writes PINGRESP. */
    public static void pingResp(ByteBuf out) {
        out.writeShort(0xD000);
    }

    /** Writes DISCONNECT, which only MQTT 5 lets a broker send. */
    public static void disconnect(ByteBuf out, ReasonCode reason) {
        out.writeByte(0xE0);
        out.writeByte(1);
        out.writeByte(reason.value());
    }

    static void writeVariableInteger(ByteBuf out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    static int variableIntegerSize(int value) {
        return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
    }
}
