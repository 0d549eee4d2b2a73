package dev.roundtrip.mqtt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketDecoderTest {
    private static final String CONNECT_5 = "10 0e 00 04 4d515454 05 02 003c 00 0001 61";
    private static final String CONNECT_3 = "10 0d 00 04 4d515454 04 02 003c 0001 61";
    private static final String PUBLISH_5 = "32 0b 0001 74 0007 02 01 01 68 69 21";

    private final EmbeddedChannel channel = new EmbeddedChannel(new PacketDecoder(1024));

    @Test
    void connect_is_read_with_its_properties_and_will() {
        Packet packet = first("10 1f 0004 4d515454 05 26 003c 08 11 0000000a 21 0005 0001 61 00 0002 742f 0002 6869");

        Packet.Connect connect = (Packet.Connect) packet;
        assertThat(connect.version()).isEqualTo(ProtocolVersion.MQTT_5);
        assertThat(connect.clientId()).isEqualTo("a");
        assertThat(connect.cleanStart()).isTrue();
        assertThat(connect.keepAliveSeconds()).isEqualTo(60);
        assertThat(connect.properties().number(PropertyId.SESSION_EXPIRY_INTERVAL))
                .hasValue(10);
        assertThat(connect.properties().number(PropertyId.RECEIVE_MAXIMUM)).hasValue(5);
        Packet.Will will = Objects.requireNonNull(connect.will());
        assertThat(will.topic()).isEqualTo("t/");
        assertThat(will.retain()).isTrue();
        assertThat(new String(will.payload(), StandardCharsets.UTF_8)).isEqualTo("hi");
    }

    @Property
    void packets_are_the_same_however_their_bytes_are_split(
            @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 9) Integer> sizes) {
        EmbeddedChannel split = new EmbeddedChannel(new PacketDecoder(1024));
        byte[] bytes = bytes(CONNECT_5 + PUBLISH_5 + PUBLISH_5 + "c000" + "e000");
        int from = 0;
        for (int size : sizes) {
            int to = Math.min(bytes.length, from + size);
            split.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
            from = to;
        }
        split.writeInbound(Unpooled.copiedBuffer(bytes, from, bytes.length - from));

        assertThat(all(split))
                .hasExactlyElementsOfTypes(
                        Packet.Connect.class,
                        Packet.Publish.class,
                        Packet.Publish.class,
                        Packet.PingReq.class,
                        Packet.Disconnect.class);
    }

    @Property
    void arbitrary_bytes_end_in_packets_or_in_one_refusal_and_never_in_an_exception(
            @ForAll @Size(max = 200) byte[] garbage) {
        EmbeddedChannel any = new EmbeddedChannel(new PacketDecoder(1024));
        any.writeInbound(Unpooled.wrappedBuffer(bytes(CONNECT_5)));
        any.writeInbound(Unpooled.copiedBuffer(garbage));

        assertThat(all(any).stream().filter(Packet.Unreadable.class::isInstance).count())
                .isLessThanOrEqualTo(1);
    }

    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource({
        "00 00, MALFORMED_PACKET, reserved type",
        "20 02 00 00, PROTOCOL_ERROR, only a server sends CONNACK",
        "50 02 00 01, PROTOCOL_ERROR, QoS 2 acknowledgement",
        "f0 00, PROTOCOL_ERROR, AUTH",
        "c1 00, MALFORMED_PACKET, flags of PINGREQ",
        "80 06 0001 00 0001 61, MALFORMED_PACKET, flags of SUBSCRIBE",
        "36 06 0001 74 0001 00, MALFORMED_PACKET, QoS 3",
        "34 06 0001 74 0001 00, QOS_NOT_SUPPORTED, QoS 2",
        "38 04 0001 74 00, MALFORMED_PACKET, DUP with QoS 0",
        "30 03 0064 74, MALFORMED_PACKET, topic longer than the packet",
        "30 03 0001 ff, MALFORMED_PACKET, topic that is not UTF-8",
        "30 04 0001 00 00, MALFORMED_PACKET, topic with U+0000",
        "30 06 0003 eda080 00, MALFORMED_PACKET, topic with a surrogate",
        "32 06 0001 74 0000 00, PROTOCOL_ERROR, packet identifier 0",
        "30 05 0001 74 7f 01, MALFORMED_PACKET, properties longer than the packet",
        "30 06 0001 74 03 23 00, MALFORMED_PACKET, property longer than the packet",
        "30 06 0001 74 02 7e 00, MALFORMED_PACKET, unknown property",
        "30 06 0001 74 02 0b 01, PROTOCOL_ERROR, subscription identifier from a client",
        "30 08 0001 74 04 01 00 01 00, PROTOCOL_ERROR, property twice",
        "30 06 0001 74 02 01 02, PROTOCOL_ERROR, payload format 2",
        "30 08 0001 74 04 08 0001 23, PROTOCOL_ERROR, response topic with wildcard",
        "82 03 0001 00, PROTOCOL_ERROR, SUBSCRIBE without a filter",
        "82 07 0001 00 0001 61 03, MALFORMED_PACKET, SUBSCRIBE with QoS 3",
        "82 07 0001 00 0001 61 02, QOS_NOT_SUPPORTED, SUBSCRIBE with QoS 2",
        "82 07 0001 00 0001 61 40, MALFORMED_PACKET, reserved subscription option",
        "82 07 0001 00 0001 61 30, MALFORMED_PACKET, retain handling 3",
        "82 09 0001 02 0b01 0001 61 00, SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, subscription identifier",
        "82 10 0001 00 000a 24736861 72652f67 2f61 04, PROTOCOL_ERROR, No Local on a shared filter",
        "c0 01 00, MALFORMED_PACKET, PINGREQ with a body",
        "30 ff ff ff ff 01, MALFORMED_PACKET, remaining length of five bytes",
        "30 ff ff 7f, PACKET_TOO_LARGE, packet of two megabytes"
    })
    void unsound_packet_is_refused_at_once_with_its_reason(String hex, ReasonCode reason, String why) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes(CONNECT_5 + hex)));

        List<Packet> packets = all(channel);
        assertThat(packets).hasSize(2);
        assertThat(((Packet.Unreadable) packets.get(1)).reason()).isEqualTo(reason);
    }

    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource({
        "30 03 0001 74, PROTOCOL_ERROR, PUBLISH first",
        "10 0d 00 04 4d515454 03 02 003c 0001 61, UNSUPPORTED_PROTOCOL_VERSION, level 3",
        "10 0d 00 04 4d515455 04 02 003c 0001 61, UNSUPPORTED_PROTOCOL_VERSION, another protocol",
        "10 0d 00 04 4d515454 04 03 003c 0001 61, MALFORMED_PACKET, reserved connect flag",
        "10 0d 00 04 4d515454 04 22 003c 0001 61, MALFORMED_PACKET, retained will that is not there",
        "10 0d 00 04 4d515454 04 42 003c 0001 61, MALFORMED_PACKET, password without a user name",
        "10 0d 00 04 4d515454 04 16 003c 0001 61, QOS_NOT_SUPPORTED, will of QoS 2",
        "10 0d 00 04 4d515454 04 02 003c 0002 61, MALFORMED_PACKET, client id longer than the packet",
        "10 11 00 04 4d515454 05 02 003c 03 21 0000 0001 61, PROTOCOL_ERROR, receive maximum 0",
        "10 13 00 04 4d515454 05 02 003c 05 27 00000000 0001 61, PROTOCOL_ERROR, maximum packet size 0"
    })
    void unsound_beginning_is_refused_with_its_reason(String hex, ReasonCode reason, String why) {
        assertThat(((Packet.Unreadable) first(hex)).reason()).isEqualTo(reason);
    }

    @Test
    void mqtt_3_has_no_properties_and_no_reason() {
        channel.writeInbound(
                Unpooled.wrappedBuffer(bytes(CONNECT_3 + "30 04 0001 74 68" + "82 06 0001 0001 61 01" + "e000")));

        List<Packet> packets = all(channel);
        assertThat(packets)
                .hasExactlyElementsOfTypes(
                        Packet.Connect.class, Packet.Publish.class, Packet.Subscribe.class, Packet.Disconnect.class);
        assertThat(((Packet.Publish) packets.get(1)).payload()).containsExactly('h');
    }

    @Test
    void after_a_refusal_nothing_else_is_read() {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes(CONNECT_5 + "c001 00" + "c000")));
        channel.writeInbound(Unpooled.wrappedBuffer(bytes("c000")));

        assertThat(all(channel)).hasExactlyElementsOfTypes(Packet.Connect.class, Packet.Unreadable.class);
    }

    private Packet first(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes(hex)));
        return all(channel).getFirst();
    }

    private static List<Packet> all(EmbeddedChannel channel) {
        List<Packet> packets = new ArrayList<>();
        for (Packet packet = channel.readInbound(); packet != null; packet = channel.readInbound()) {
            packets.add(packet);
        }
        return packets;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
