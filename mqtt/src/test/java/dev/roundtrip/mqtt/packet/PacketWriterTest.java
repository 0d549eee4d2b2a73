package dev.roundtrip.mqtt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PacketWriterTest {
    private final ByteBuf out = Unpooled.buffer();

    @Test
    void publish_to_mqtt_5_carries_expiry_and_the_properties_that_pass_through() {
        Publication publication =
                new Publication("t", new byte[] {'t'}, new byte[] {0x01, 0x01}, "hi".getBytes(StandardCharsets.UTF_8));

        PacketWriter.publish(out, ProtocolVersion.MQTT_5, publication, new PublishHeader(7, true, true, 9));

        assertThat(written()).isEqualTo("3b0f" + "000174" + "0007" + "07" + "0200000009" + "0101" + "6869");
    }

    @Test
    void publish_to_mqtt_3_carries_topic_and_payload_only() {
        Publication publication =
                new Publication("t", new byte[] {'t'}, new byte[] {0x01, 0x01}, "hi".getBytes(StandardCharsets.UTF_8));

        PacketWriter.publish(out, ProtocolVersion.MQTT_3_1_1, publication, new PublishHeader(0, false, false, 9));

        assertThat(written()).isEqualTo("3005" + "000174" + "6869");
    }

    @Test
    void acknowledgements_say_as_much_as_their_version_can() {
        PacketWriter.pubAck(out, ProtocolVersion.MQTT_5, 1, ReasonCode.SUCCESS);
        PacketWriter.pubAck(out, ProtocolVersion.MQTT_5, 1, ReasonCode.NOT_AUTHORIZED);
        PacketWriter.pubAck(out, ProtocolVersion.MQTT_3_1_1, 1, ReasonCode.SUCCESS);
        PacketWriter.subAck(
                out, ProtocolVersion.MQTT_5, 2, List.of(ReasonCode.GRANTED_QOS_1, ReasonCode.NOT_AUTHORIZED));
        PacketWriter.subAck(
                out, ProtocolVersion.MQTT_3_1_1, 2, List.of(ReasonCode.GRANTED_QOS_1, ReasonCode.NOT_AUTHORIZED));
        PacketWriter.unsubAck(out, ProtocolVersion.MQTT_5, 3, List.of(ReasonCode.SUCCESS));
        PacketWriter.unsubAck(out, ProtocolVersion.MQTT_3_1_1, 3, List.of(ReasonCode.SUCCESS));

        assertThat(written())
                .isEqualTo("40020001" + "4003000187" + "40020001" + "90050002000187" + "900400020180" + "b00400030000"
                        + "b0020003");
    }

    @Property
    void size_that_is_told_is_the_size_that_is_written(
            @ForAll @Size(max = 300) byte[] payload,
            @ForAll @Size(max = 200) byte[] properties,
            @ForAll @IntRange(max = 1) int packetId) {
        Publication publication =
                new Publication("topic", "topic".getBytes(StandardCharsets.UTF_8), properties, payload);
        for (ProtocolVersion version : ProtocolVersion.values()) {
            PublishHeader header = new PublishHeader(packetId, false, false, packetId == 0 ? Properties.ABSENT : 5);
            ByteBuf buffer = Unpooled.buffer();
            PacketWriter.publish(buffer, version, publication, header);
            assertThat(PacketWriter.publishSize(version, publication, header)).isEqualTo(buffer.readableBytes());
        }
    }

    private String written() {
        return ByteBufUtil.hexDump(out);
    }
}
