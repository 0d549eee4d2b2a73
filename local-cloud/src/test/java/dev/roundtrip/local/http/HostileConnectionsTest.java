package dev.roundtrip.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.mqtt.Mutations;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad bytes over real sockets, on both listeners and below every layer; two clients talk to each other the whole time.
 */
class HostileConnectionsTest {
    private static final int PATIENCE_MILLIS = 20_000;

    /** Longer than somebody may be connected without a good CONNECT. */
    private static final Duration STRANGERS_TIME = Duration.ofSeconds(11);

    private TestGateway gateway;
    private TestBroker broker;
    private RawClient speaker;
    private RawClient listener;

    @BeforeEach
    void start() throws IOException {
        gateway = new TestGateway();
        broker = gateway.broker;
        speaker = broker.mqtt5().connect("speaker");
        listener = broker.mqtt3().connect("listener").subscribe("talk/only");
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
    }

    private void assertOthersDoNotNotice() throws IOException {
        speaker.send(Wire.publish1(Wire.MQTT_5, 1, "talk/only", "hi"));
        assertThat(speaker.next()).isEqualTo("40020001");
        RawClient.Publish heard = listener.nextPublish();
        assertThat(heard.payload()).isEqualTo("hi");
        listener.send(Wire.pubAck(heard.packetId()));
        listener.expectNothing();
    }

    private void assertNothingIsLeft() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(broker.broker.counters().connected()).isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void bad_packets_over_tls_harm_nobody(int version) throws IOException {
        Mutations mutations = new Mutations();
        for (int round = 0; round < Mutations.rounds(40); round++) {
            boolean stranger = round % 3 == 0;
            try (RawClient hostile = broker.raw(version)) {
                if (!stranger) {
                    hostile.connect("hostile");
                }
                sendWhatItTakes(() -> hostile.send(
                        stranger
                                ? mutations.mutate(mutations.oneOf(Mutations.connects(version)))
                                : mutations.conversation(Mutations.corpus(version))));
            }
            assertOthersDoNotNotice();
        }
        assertNothingIsLeft();
    }

    private interface Sending {
        void send() throws IOException;
    }

    /** The broker may have hung up in the middle. */
    private static void sendWhatItTakes(Sending sending) throws IOException {
        try {
            sending.send();
        } catch (SocketException hungUp) {
            assertThat(hungUp).isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_no_tls_is_closed(boolean devices) throws IOException {
        int port = devices ? broker.broker.devicePort() : broker.broker.gatewayPort();
        Mutations mutations = new Mutations();
        List<byte[]> beginnings = List.of(
                Wire.connect(Wire.MQTT_5, "plain"),
                "GET /mqtt HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1),
                Wire.hex("16 0301 0005 01 000001 00"),
                Wire.hex("16 0303 ffff 00"),
                Wire.hex("15 0303 0002 02 28"),
                new byte[4_096]);
        for (int round = 0; round < Mutations.rounds(40); round++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                sendWhatItTakes(() -> socket.getOutputStream().write(mutations.mutate(mutations.oneOf(beginnings))));
            }
        }
        assertOthersDoNotNotice();
        assertNothingIsLeft();
    }

    /** A gateway's socket after a good upgrade. */
    private SSLSocket upgraded() throws Exception {
        SSLSocket socket = (SSLSocket) TestBroker.AUTHORITY
                .client()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), broker.broker.gatewayPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101");
        return socket;
    }

    private static final String UPGRADE = """
            GET /mqtt HTTP/1.1
            Host: localhost
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: mqtt

            """.replace("\n", "\r\n");

    /** A frame as RFC 6455 has it, masked with zeros. */
    private static byte[] frame(int firstByte, byte[] payload) {
        byte[] length = payload.length < 126
                ? new byte[] {(byte) (0x80 | payload.length)}
                : Wire.join(Wire.hex("fe"), Wire.hex(String.format("%04x", payload.length)));
        return Wire.join(new byte[] {(byte) firstByte}, length, new byte[4], payload);
    }

    private static List<byte[]> frames() {
        byte[] connect = Wire.connect(Wire.MQTT_5, "framed");
        List<byte[]> frames = new ArrayList<>(List.of(
                frame(0x82, connect),
                Wire.join(frame(0x02, connect), frame(0x80, Wire.ping())),
                frame(0x82, new byte[0]),
                frame(0x81, Wire.text("text")),
                frame(0x88, Wire.hex("03e8")),
                frame(0x88, Wire.hex("03")),
                frame(0x88, Wire.hex("ffff c328")),
                frame(0x89, Wire.text("ping")),
                frame(0x8a, new byte[0]),
                frame(0x80, Wire.ping()),
                frame(0xf2, connect),
                frame(0x83, connect),
                frame(0x09, new byte[0]),
                frame(0x89, new byte[200])));
        frames.add(Wire.hex("82 7f 7fffffffffffffff 00000000"));
        frames.add(Wire.hex("82 ff ffffffffffffffff 00000000"));
        frames.add(Wire.hex("82 02 c000"));
        frames.add(Wire.hex("82 fe 0001 00000000 c0"));
        return frames;
    }

    @Test
    void bad_frames_harm_nobody() throws Exception {
        Mutations mutations = new Mutations();
        List<byte[]> frames = frames();
        for (int round = 0; round < Mutations.rounds(80); round++) {
            byte[] bad = round < frames.size() ? frames.get(round) : mutations.mutate(mutations.oneOf(frames));
            try (SSLSocket socket = upgraded()) {
                OutputStream out = socket.getOutputStream();
                sendWhatItTakes(() -> {
                    if (mutations.below(2) == 0) {
                        out.write(frame(0x82, Wire.connect(Wire.MQTT_5, "framed")));
                    }
                    out.write(bad);
                    out.write(frame(0x82, mutations.conversation(Mutations.corpus(Wire.MQTT_5))));
                });
            }
            assertOthersDoNotNotice();
        }
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "82 02 c000", // not masked
                "c2 82 00000000 c000", // a reserved bit
                "83 82 00000000 c000", // a reserved opcode
                "09 80 00000000", // a control frame in parts
                "89 fe 00c8 00000000", // a control frame that is too long
                "80 82 00000000 c000", // the continuation of nothing
                "81 82 00000000 c000", // text
                "82 ff 0000000000050000 00000000", // larger than a frame may be
                "82 ff ffffffffffffffff 00000000" // negative
            })
    void frame_that_must_not_be_closes_the_connection(String bad) throws Exception {
        try (SSLSocket socket = upgraded()) {
            socket.getOutputStream().write(frame(0x82, Wire.connect(Wire.MQTT_5, "framed")));
            sendWhatItTakes(() -> socket.getOutputStream().write(Wire.hex(bad)));

            assertThat(isClosed(socket.getInputStream())).isTrue();
        }
        assertOthersDoNotNotice();
    }

    @Test
    void bad_upgrades_are_refused_or_closed() throws Exception {
        Mutations mutations = new Mutations();
        for (int round = 0; round < Mutations.rounds(40); round++) {
            byte[] bad = mutations.mutate(UPGRADE.getBytes(ISO_8859_1));
            try (Socket socket = TestBroker.AUTHORITY
                    .client()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), broker.broker.gatewayPort())) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                sendWhatItTakes(() -> {
                    socket.getOutputStream().write(bad);
                    socket.getOutputStream().write("\r\n\r\n\r\n".getBytes(ISO_8859_1));
                });
                broker.clock.advance(STRANGERS_TIME);
                assertThat(firstLine(socket.getInputStream())).doesNotStartWith("HTTP/1.1 5");
            }
            assertOthersDoNotNotice();
        }
        assertOthersDoNotNotice();
        assertNothingIsLeft();
    }

    @Test
    void second_upgrade_behind_the_first_gets_nowhere() throws Exception {
        try (Socket socket = TestBroker.AUTHORITY
                .client()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), broker.broker.gatewayPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write((UPGRADE + UPGRADE).getBytes(ISO_8859_1));
            assertThat(firstLine(socket.getInputStream())).startsWith("HTTP/1.1 101");
            broker.clock.advance(STRANGERS_TIME);

            assertThat(isClosed(socket.getInputStream())).isTrue();
        }
        assertThat(gateway.upgrades).hasSize(1);
        assertOthersDoNotNotice();
    }

    @Test
    void packet_that_never_ends_is_given_up_with_the_keep_alive() throws IOException {
        RawClient slow = broker.mqtt5().connect("slow");
        slow.send(Wire.hex("30 80 08 0001"));
        broker.clock.advance(Duration.ofSeconds(89));
        slow.send(Wire.hex("61 00"));
        speaker.expectNothing();
        listener.expectNothing();
        broker.clock.advance(Duration.ofSeconds(2));

        assertThat(slow.next()).isEqualTo("e0018d");
        assertThat(slow.next()).isEqualTo(RawClient.CLOSED);
        assertOthersDoNotNotice();
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
                line.append((char) octet);
            }
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException closed) {
            return line.toString();
        }
        return line.toString();
    }

    private static boolean isClosed(InputStream in) throws IOException {
        try {
            while (in.read() >= 0) {
                // What it said before it closed.
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
