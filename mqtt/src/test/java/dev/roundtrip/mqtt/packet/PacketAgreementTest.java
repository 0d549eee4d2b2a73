package dev.roundtrip.mqtt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Netty's own codec for MQTT, which others wrote, reads what we write and writes what we read. */
class PacketAgreementTest {
    @Property(tries = 200)
    void publish_is_the_same_to_both(
            @ForAll @AlphaChars @StringLength(min = 1, max = 200) String topic,
            @ForAll @Size(max = 300) byte[] payload,
            @ForAll @IntRange(min = 1, max = 65_535) int packetId,
            @ForAll @StringLength(max = 200) @AlphaChars String contentType) {
        EmbeddedChannel theirs = theirs();
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(PropertyId.CONTENT_TYPE, contentType));
        theirs.writeOutbound(MqttMessageBuilders.publish()
                .topicName(topic)
                .qos(MqttQoS.AT_LEAST_ONCE)
                .messageId(packetId)
                .properties(properties)
                .payload(Unpooled.copiedBuffer(payload))
                .build());
        EmbeddedChannel ours = new EmbeddedChannel(new PacketDecoder(1024));
        for (ByteBuf bytes = theirs.readOutbound(); bytes != null; bytes = theirs.readOutbound()) {
            ours.writeInbound(bytes);
        }
        Packet.Connect connect = ours.readInbound();
        assertThat(connect.clientId()).isEqualTo("a");

        Packet.Publish read = ours.readInbound();
        assertThat(read.topic()).isEqualTo(topic);
        assertThat(read.packetId()).isEqualTo(packetId);
        assertThat(read.payload()).isEqualTo(payload);

        ByteBuf written = Unpooled.buffer();
        PacketWriter.publish(
                written,
                ProtocolVersion.MQTT_5,
                Publication.of(topic, read.properties(), payload),
                new PublishHeader(packetId, false, false, 77));
        theirs.writeInbound(written);

        MqttPublishMessage back = theirs.readInbound();
        assertThat(back.variableHeader().topicName()).isEqualTo(topic);
        assertThat(back.variableHeader().packetId()).isEqualTo(packetId);
        assertThat(ByteBufUtil.getBytes(back.payload())).isEqualTo(payload);
        MqttProperties passed = back.variableHeader().properties();
        assertThat(passed.getProperty(PropertyId.CONTENT_TYPE).value()).isEqualTo(contentType);
        assertThat(passed.getProperty(PropertyId.MESSAGE_EXPIRY_INTERVAL).value())
                .isEqualTo(77);
        back.release();
    }

    @Test
    void connack_is_the_same_to_both() {
        EmbeddedChannel theirs = theirs();
        ByteBuf written = Unpooled.buffer();
        PacketWriter.connAck(
                written,
                ProtocolVersion.MQTT_5,
                new PacketWriter.Acknowledgement(0, true),
                new PropertyWriter()
                        .twoBytes(PropertyId.SERVER_KEEP_ALIVE, 1200)
                        .fourBytes(PropertyId.MAXIMUM_PACKET_SIZE, 149_504)
                        .text(PropertyId.ASSIGNED_CLIENT_IDENTIFIER, "ü"));
        theirs.writeInbound(written);

        MqttConnAckMessage read = theirs.readInbound();
        assertThat(read.variableHeader().isSessionPresent()).isTrue();
        MqttProperties properties = read.variableHeader().properties();
        assertThat(properties.getProperty(PropertyId.SERVER_KEEP_ALIVE).value()).isEqualTo(1200);
        assertThat(properties.getProperty(PropertyId.MAXIMUM_PACKET_SIZE).value())
                .isEqualTo(149_504);
        assertThat(properties.getProperty(PropertyId.ASSIGNED_CLIENT_IDENTIFIER).value())
                .isEqualTo("ü");
    }

    /** Netty's codec, which takes the version from the CONNECT that it writes. */
    private static EmbeddedChannel theirs() {
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(1024 * 1024), MqttEncoder.INSTANCE);
        channel.writeOutbound(MqttMessageBuilders.connect()
                .protocolVersion(MqttVersion.MQTT_5)
                .clientId("a")
                .username("user")
                .password("password".getBytes(StandardCharsets.UTF_8))
                .build());
        return channel;
    }
}
