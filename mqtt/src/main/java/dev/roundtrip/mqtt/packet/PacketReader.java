package dev.roundtrip.mqtt.packet;

import dev.roundtrip.mqtt.packet.Packet.Connect;
import dev.roundtrip.mqtt.packet.Packet.Disconnect;
import dev.roundtrip.mqtt.packet.Packet.PingReq;
import dev.roundtrip.mqtt.packet.Packet.PubAck;
import dev.roundtrip.mqtt.packet.Packet.Publish;
import dev.roundtrip.mqtt.packet.Packet.Subscribe;
import dev.roundtrip.mqtt.packet.Packet.Unsubscribe;
import dev.roundtrip.mqtt.packet.Packet.Will;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one whole packet after another from one client. Not thread-safe: it remembers the version that CONNECT named.
 */
final class PacketReader {
    private static final int FLAGS_OF_REQUESTS = 0x02;

    private @Nullable ProtocolVersion version;

    @Nullable ProtocolVersion version() {
        return version;
    }

    Packet read(int firstByte, Fields fields) throws UnreadablePacketException {
        int type = firstByte >>> 4;
        int flags = firstByte & 0x0f;
        if (type != 1 && version == null) {
            throw UnreadablePacketException.protocolError("the first packet must be CONNECT");
        }
        Packet packet = switch (type) {
            case 1 -> connect(expect(flags, 0, fields));
            case 3 -> publish(flags, fields);
            case 4 -> pubAck(expect(flags, 0, fields));
            case 8 -> subscribe(expect(flags, FLAGS_OF_REQUESTS, fields));
            case 10 -> unsubscribe(expect(flags, FLAGS_OF_REQUESTS, fields));
            case 12 -> {
                expect(flags, 0, fields);
                yield new PingReq();
            }
            case 14 -> disconnect(expect(flags, 0, fields));
            case 0 -> throw UnreadablePacketException.malformed("packet type 0 is reserved");
            default ->
                throw UnreadablePacketException.protocolError("packet type " + type + " is not taken from a client");
        };
        if (fields.remaining() > 0) {
            throw UnreadablePacketException.malformed("the packet has bytes after its last field");
        }
        return packet;
    }

    private static Fields expect(int flags, int expected, Fields fields) throws UnreadablePacketException {
        if (flags != expected) {
            throw UnreadablePacketException.malformed("the flags must be " + expected + ", but are " + flags);
        }
        return fields;
    }

    private boolean isMqtt5() {
        return version == ProtocolVersion.MQTT_5;
    }

    private Properties properties(Fields fields, long allowed) throws UnreadablePacketException {
        return isMqtt5() ? Properties.read(fields, allowed) : Properties.NONE;
    }

    private Connect connect(Fields fields) throws UnreadablePacketException {
        String protocol = fields.text();
        int level = fields.unsignedByte();
        if (!protocol.equals("MQTT") || (level != 4 && level != 5)) {
            throw new UnreadablePacketException(
                    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "only MQTT 3.1.1 and 5 are spoken");
        }
        ProtocolVersion spoken = level == 5 ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1;
        version = spoken;
        int flags = fields.unsignedByte();
        checkConnectFlags(flags);
        int keepAlive = fields.unsignedShort();
        Properties properties = properties(fields, Properties.CONNECT);
        String clientId = fields.text();
        Will will = (flags & 0x04) == 0 ? null : will(flags, fields);
        if ((flags & 0x80) != 0) {
            fields.text();
        }
        if ((flags & 0x40) != 0) {
            fields.skip(fields.unsignedShort());
        }
        return new Connect(spoken, clientId, (flags & 0x02) != 0, keepAlive, properties, will);
    }

    private void checkConnectFlags(int flags) throws UnreadablePacketException {
        boolean will = (flags & 0x04) != 0;
        int qos = flags >>> 3 & 3;
        if ((flags & 0x01) != 0 || qos == 3 || (!will && (flags & 0x38) != 0)) {
            throw UnreadablePacketException.malformed("the connect flags contradict each other");
        }
        if (!isMqtt5() && (flags & 0xC0) == 0x40) {
            throw UnreadablePacketException.malformed("MQTT 3.1.1 has no password without a user name");
        }
        if (qos == 2) {
            throw new UnreadablePacketException(ReasonCode.QOS_NOT_SUPPORTED, "a will of QoS 2 is not supported");
        }
    }

    private Will will(int flags, Fields fields) throws UnreadablePacketException {
        Properties properties = properties(fields, Properties.WILL);
        String topic = fields.text();
        byte[] payload = fields.binary();
        Qos qos = (flags & 0x08) == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE;
        return new Will(topic, payload, qos, (flags & 0x20) != 0, properties);
    }

    private Publish publish(int flags, Fields fields) throws UnreadablePacketException {
        int qos = flags >>> 1 & 3;
        if (qos == 3 || (qos == 0 && (flags & 0x08) != 0)) {
            throw UnreadablePacketException.malformed("the flags of PUBLISH contradict each other");
        }
        if (qos == 2) {
            throw new UnreadablePacketException(ReasonCode.QOS_NOT_SUPPORTED, "QoS 2 is not supported");
        }
        String topic = fields.text();
        int packetId = qos == 0 ? 0 : packetId(fields);
        Properties properties = properties(fields, Properties.PUBLISH);
        return new Publish(topic, fields.bytes(fields.remaining()), packetId, (flags & 1) != 0, properties);
    }

    private PubAck pubAck(Fields fields) throws UnreadablePacketException {
        int packetId = packetId(fields);
        if (!isMqtt5() || fields.remaining() == 0) {
            return new PubAck(packetId, 0);
        }
        int reason = ClientReasons.PUBACK.check(fields.unsignedByte());
        if (fields.remaining() > 0) {
            Properties ignored = Properties.read(fields, Properties.ACKNOWLEDGEMENT);
        }
        return new PubAck(packetId, reason);
    }

    private Subscribe subscribe(Fields fields) throws UnreadablePacketException {
        int packetId = packetId(fields);
        Properties properties = properties(fields, Properties.SUBSCRIBE);
        if (properties.number(PropertyId.SUBSCRIPTION_IDENTIFIER).isPresent()) {
            throw new UnreadablePacketException(
                    ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, "subscription identifiers are not supported");
        }
        requireOne(fields);
        List<Subscribe.Request> requests = new ArrayList<>();
        do {
            requests.add(request(fields.text(), fields.unsignedByte()));
        } while (fields.remaining() > 0);
        return new Subscribe(packetId, properties, requests);
    }

    private Subscribe.Request request(String filter, int options) throws UnreadablePacketException {
        int qos = options & 3;
        int retainHandling = options >>> 4 & 3;
        int reserved = isMqtt5() ? 0xC0 : 0xFC;
        if (qos == 3 || retainHandling == 3 || (options & reserved) != 0) {
            throw UnreadablePacketException.malformed("the subscription options are not valid");
        }
        if (qos == 2) {
            throw new UnreadablePacketException(ReasonCode.QOS_NOT_SUPPORTED, "QoS 2 is not supported");
        }
        boolean noLocal = (options & 0x04) != 0;
        if (noLocal && filter.startsWith("$share/")) {
            throw UnreadablePacketException.protocolError("a shared subscription cannot have the option No Local");
        }
        return new Subscribe.Request(
                filter,
                qos == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE,
                noLocal,
                (options & 0x08) != 0,
                retainHandling);
    }

    private Unsubscribe unsubscribe(Fields fields) throws UnreadablePacketException {
        int packetId = packetId(fields);
        Properties ignored = properties(fields, Properties.UNSUBSCRIBE);
        requireOne(fields);
        List<String> filters = new ArrayList<>();
        do {
            filters.add(fields.text());
        } while (fields.remaining() > 0);
        return new Unsubscribe(packetId, filters);
    }

    private Disconnect disconnect(Fields fields) throws UnreadablePacketException {
        if (!isMqtt5() || fields.remaining() == 0) {
            return new Disconnect(0, Properties.NONE);
        }
        int reason = ClientReasons.DISCONNECT.check(fields.unsignedByte());
        Properties properties =
                fields.remaining() == 0 ? Properties.NONE : Properties.read(fields, Properties.DISCONNECT);
        return new Disconnect(reason, properties);
    }

    private static void requireOne(Fields fields) throws UnreadablePacketException {
        if (fields.remaining() == 0) {
            throw UnreadablePacketException.protocolError("there must be at least one topic filter");
        }
    }

    private static int packetId(Fields fields) throws UnreadablePacketException {
        int packetId = fields.unsignedShort();
        if (packetId == 0) {
            throw UnreadablePacketException.protocolError("the packet identifier must not be 0");
        }
        return packetId;
    }
}
