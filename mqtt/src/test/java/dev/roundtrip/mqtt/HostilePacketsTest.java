package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.packet.PacketDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of bad packets, without sockets: each ends in an answer, in a reason, or in silence, and nobody else
 * notices.
 */
class HostilePacketsTest {
    /** The reason of an error of ours; no input may lead to it. */
    private static final String UNSPECIFIED_ERROR = "e00180";

    private static final long MAX_BYTES = 16L * 1024 * 1024;

    private final TestClock clock = new TestClock();
    private final Core core = new Core(
            BrokerSettings.of(TestBroker.AUTHORITY.server(), new NoAuthentication())
                    .withLimits(BrokerLimits.local().withMemory(new BrokerLimits.Memory(MAX_BYTES, 100_000)))
                    .withClock(clock),
            new InjectorSwitch(),
            new ReservedServices(),
            new RequestLanes(BrokerLimits.Requests.DEFAULT));

    private static final class Anybody implements Principal {
        @Override
        public String id() {
            return "certificate-1";
        }

        @Override
        public @Nullable String thingName() {
            return null;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            return (action, resource) -> !resource.startsWith("forbidden");
        }
    }

    /** One connection of the broker's, with a client that is the test. */
    private final class Client {
        final EmbeddedChannel channel = new EmbeddedChannel();

        Client() {
            ClientAddress origin = new ClientAddress(
                    new Anybody(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 2),
                    Duration.ofDays(1));
            channel.pipeline()
                    .addLast(new PacketDecoder(core.limits.messages().maxPacketBytes()))
                    .addLast(new Connection(core, channel, origin));
        }

        /** Says something and hears what comes back, in hexadecimal. */
        String say(byte[] bytes) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            }
            return hear();
        }

        String hear() {
            channel.runPendingTasks();
            channel.checkException();
            StringBuilder heard = new StringBuilder();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                byte[] bytes = new byte[out.readableBytes()];
                out.readBytes(bytes);
                out.release();
                heard.append(HexFormat.of().formatHex(bytes));
            }
            return heard.toString();
        }

        void leave() {
            assertThat(channel.close().isDone()).isTrue();
            hear();
            channel.releaseInbound();
        }
    }

    private Client connected(int version, String clientId) {
        Client client = new Client();
        assertThat(client.say(Wire.connect(version, clientId))).startsWith("20");
        return client;
    }

    /** Two who talk to each other the whole time, and a third who hears how connections end. */
    private final class Bystanders {
        private final Client speaker = connected(Wire.MQTT_5, "speaker");
        private final Client listener = connected(Wire.MQTT_3, "listener");
        private final Client watcher = connected(Wire.MQTT_5, "watcher");

        Bystanders() {
            assertThat(listener.say(Wire.subscribe(Wire.MQTT_3, 1, 0, "talk/only")))
                    .isEqualTo("9003000100");
            assertThat(watcher.say(Wire.subscribe(Wire.MQTT_5, 1, 0, "$aws/events/presence/disconnected/#")))
                    .isEqualTo("900400010000");
        }

        void talk() {
            assertThat(speaker.say(Wire.publish1(Wire.MQTT_5, 1, "talk/only", "hi")))
                    .isEqualTo("40020001");
            assertThat(listener.hear())
                    .isEqualTo("300d" + "0009"
                            + HexFormat.of().formatHex("talk/only".getBytes(StandardCharsets.US_ASCII)) + "6869");
            assertThat(new String(Wire.hex(watcher.hear()), StandardCharsets.UTF_8))
                    .doesNotContain("SERVER_ERROR");
        }

        void leave() {
            speaker.leave();
            listener.leave();
            watcher.leave();
        }
    }

    private static void assertEndedWithoutAnErrorOfOurs(String heard) {
        assertThat(heard).doesNotEndWith(UNSPECIFIED_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void bad_packets_of_a_connected_client_harm_nobody(int version) {
        Mutations mutations = new Mutations();
        List<byte[]> corpus = Mutations.corpus(version);
        Bystanders bystanders = new Bystanders();
        for (int round = 0; round < Mutations.rounds(8_000); round++) {
            Client hostile = connected(version, "hostile");
            assertEndedWithoutAnErrorOfOurs(hostile.say(mutations.conversation(corpus)));
            assertEndedWithoutAnErrorOfOurs(hostile.say(mutations.conversation(corpus)));
            hostile.leave();
            if (round % 16 == 0) {
                bystanders.talk();
            }
        }
        bystanders.leave();
        clock.advance(Duration.ofHours(2));
        core.sweep();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void bad_packets_of_a_stranger_harm_nobody(int version) {
        Mutations mutations = new Mutations();
        List<byte[]> first = new ArrayList<>(Mutations.connects(version));
        first.addAll(Mutations.connects(version));
        first.addAll(Mutations.corpus(version).subList(0, 8));
        Bystanders bystanders = new Bystanders();
        for (int round = 0; round < Mutations.rounds(8_000); round++) {
            Client hostile = new Client();
            assertEndedWithoutAnErrorOfOurs(hostile.say(mutations.mutate(mutations.oneOf(first))));
            assertEndedWithoutAnErrorOfOurs(hostile.say(mutations.conversation(Mutations.corpus(version))));
            hostile.leave();
            if (round % 16 == 0) {
                bystanders.talk();
            }
        }
        bystanders.leave();
        clock.advance(Duration.ofDays(30));
        core.sweep();
        core.backlog.removeExpired();
        assertThat(core.connections).isEmpty();
        assertThat(core.sessions.size()).isZero();
    }

    private void assertNothingIsLeft() {
        assertThat(core.connections).isEmpty();
        assertThat(core.unauthenticated).isEmpty();
        assertThat(core.sessions.size()).isZero();
        assertThat(core.counters.connected.get()).isZero();
        assertThat(core.counters.subscriptions.get()).isZero();
        core.retained.end();
        assertThat(core.backlog.messages()).isZero();
        assertThat(core.backlog.bytes()).isZero();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "30 00                        | 81 | PUBLISH without a topic",
                "32 05 0001 61 0000           | 82 | packet identifier 0",
                "36 06 0001 61 0001 00        | 81 | QoS 3",
                "34 06 0001 61 0001 00        | 9b | QoS 2",
                "38 04 0001 61 00             | 81 | DUP with QoS 0",
                "30 05 0002 c328 00           | 81 | ill-formed UTF-8",
                "30 06 0003 eda080 00         | 81 | a surrogate in UTF-8",
                "30 05 0002 6100 00           | 81 | U+0000",
                "30 08 0001 61 04 01 01 01 01 | 82 | a property twice",
                "30 06 0001 61 02 01 02       | 82 | payload format 2",
                "30 06 0001 61 02 22 00       | 81 | a property of another packet",
                "30 07 0001 61 03 23 0000     | 94 | topic alias 0",
                "30 07 0001 61 03 23 0009     | 94 | topic alias above the maximum",
                "30 06 0001 61 02 0b 01       | 82 | subscription identifier from a client",
                "30 04 0001 61 7f             | 81 | properties longer than the packet",
                "30 05 0001 61 80 00          | 81 | a variable byte integer longer than needed",
                "30 84 80 00 0001 61 00       | 81 | a remaining length longer than needed",
                "30 ff ff ff ff 01            | 81 | a remaining length of five bytes",
                "30 ff ff ff 7f               | 95 | a remaining length of 256 MB",
                "82 03 0001 00                | 82 | SUBSCRIBE without a filter",
                "a2 03 0001 00                | 82 | UNSUBSCRIBE without a filter",
                "80 07 0001 00 0001 61 00     | 81 | SUBSCRIBE with wrong flags",
                "82 07 0001 00 0001 61 03     | 81 | subscription QoS 3",
                "82 07 0001 00 0001 61 02     | 9b | subscription QoS 2",
                "82 07 0001 00 0001 61 30     | 81 | retain handling 3",
                "82 07 0001 00 0001 61 c0     | 81 | reserved subscription options",
                "82 09 0001 02 0b 05 0001 61 00 | a1 | subscription identifier",
                "c0 01 00                     | 81 | PINGREQ with a body",
                "c1 00                        | 81 | PINGREQ with flags",
                "00 00                        | 81 | packet type 0",
                "f0 00                        | 82 | AUTH without a method",
                "20 02 00 00                  | 82 | CONNACK from a client",
                "10 0e 0004 4d515454 05 02 003c 00 0001 61 | 82 | a second CONNECT",
                "e0 01 01                     | 81 | DISCONNECT with a reason of SUBACK",
                "e0 01 05                     | 81 | DISCONNECT with a reserved reason",
                "e0 01 88                     | 81 | DISCONNECT with a reason of CONNACK",
                "e0 01 ff                     | 81 | DISCONNECT with a reserved reason of failure",
                "e0 01 87                     | 82 | DISCONNECT with a reason of servers",
                "e0 01 8e                     | 82 | DISCONNECT that says that the session was taken over",
                "e0 02 a2 00                  | 82 | DISCONNECT with a reason of servers, and properties",
                "e0 05 00 03 1c 0000          | 81 | DISCONNECT with a server reference",
                "e0 07 00 05 11 0000003c      | 82 | DISCONNECT that begins a session expiry",
                "e0 0c 00 0a 11 00000000 11 00000000 | 82 | DISCONNECT with a property twice",
                "e1 01 00                     | 81 | DISCONNECT with flags",
                "40 03 0001 01                | 81 | PUBACK with a reason of SUBACK",
                "40 03 0001 92                | 81 | PUBACK with a reason of PUBREL",
                "40 03 0001 ff                | 81 | PUBACK with a reserved reason",
                "40 03 0001 10                | 82 | PUBACK that says that nobody subscribed",
                "40 07 0001 00 03 23 0001     | 81 | PUBACK with a topic alias",
                "42 02 0001                   | 81 | PUBACK with flags",
                "40 02 0000                   | 82 | PUBACK with packet identifier 0",
            })
    void malformed_packet_gets_the_specified_reason(String packet, String reason, String what) {
        Client client = connected(Wire.MQTT_5, "hostile");

        assertThat(client.say(Wire.hex(packet))).as(what).isEqualTo("e001" + reason);
        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void malformed_packet_closes_a_connection_of_mqtt_3_without_a_word() {
        Client client = connected(Wire.MQTT_3, "hostile");

        assertThat(client.say(Wire.hex("30 04 0002 c328"))).isEmpty();
        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void properties_in_great_number_are_refused_and_not_kept() {
        Client client = connected(Wire.MQTT_5, "hostile");
        byte[] bomb = Wire.packet(
                0x32,
                Wire.text("a"),
                Wire.hex("0001"),
                Wire.varint(140_000),
                Wire.hex("26 0000 0000".replace(" ", "").repeat(28_000)));

        assertThat(client.say(bomb)).startsWith("40");
        assertThat(core.counters.published.sum()).isLessThanOrEqualTo(1);
        client.leave();
    }

    @Test
    void client_that_never_reads_its_acknowledgements_is_not_read_from_until_it_does() {
        Client client = connected(Wire.MQTT_3, "hostile");
        byte[] thousand = Wire.hex("32 05 0001 74 0001".replace(" ", "").repeat(1_000));
        client.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);

        String heard = "";
        int thousands = 0;
        while (client.channel.config().isAutoRead() && thousands < 100) {
            heard += client.say(thousand);
            thousands++;
        }
        assertThat(client.channel.config().isAutoRead()).isFalse();
        assertThat(thousands).isBetween(16, 18);
        assertThat(heard).isEmpty();

        client.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        assertThat(client.hear()).isEqualTo("40020001".repeat(1_000 * thousands));
        assertThat(client.channel.config().isAutoRead()).isTrue();
        client.leave();
    }

    @Test
    void client_of_mqtt_5_has_no_more_outstanding_than_it_may_while_it_does_not_read() {
        Client client = connected(Wire.MQTT_5, "hostile");
        client.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        assertThat(client.say(Wire.hex("32 06 0001 74 0001 00".replace(" ", "").repeat(100))))
                .isEmpty();

        assertThat(client.say(Wire.hex("32 06 0001 74 0001 00"))).endsWith("e00193");
        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void retained_messages_have_a_bound_in_bytes() {
        Client client = connected(Wire.MQTT_5, "hostile");
        byte[] payload = new byte[100_000];
        String last = "";
        for (int i = 0; i < 2_000 && !last.endsWith("97"); i++) {
            last = client.say(Wire.packet(0x33, Wire.text("kept/" + i), Wire.hex("0001"), Wire.hex("00"), payload));
        }

        assertThat(last).isEqualTo("4003000197");
        assertThat((long) core.retained.size() * payload.length).isBetween(MAX_BYTES / 2, MAX_BYTES);
        assertThat(client.say(Wire.packet(0x33, Wire.text("kept/0"), Wire.hex("0001"), Wire.hex("00"))))
                .isEqualTo("40020001");
        assertThat(client.say(Wire.packet(0x33, Wire.text("kept/new"), Wire.hex("0001"), Wire.hex("00"), payload)))
                .isEqualTo("40020001");
        client.leave();
    }
}
