package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that says exactly what a test tells it to, over real TLS, and shows exactly what it hears. */
public final class RawClient implements Closeable {
    public static final String CLOSED = "closed";
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket underlying;
    private final SSLSocket socket;
    private final DataInputStream in;
    private final int version;

    RawClient(SSLContext tls, int port, int version) throws IOException {
        this(tls, new Socket(InetAddress.getLoopbackAddress(), port), version);
    }

    /** A client whose socket has buffers of a few kilobytes. */
    static RawClient narrow(SSLContext tls, int port, int version) throws IOException {
        Socket socket = new Socket();
        socket.setSendBufferSize(8 * 1024);
        socket.setReceiveBufferSize(8 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawClient(tls, socket, version);
    }

    private RawClient(SSLContext tls, Socket connected, int version) throws IOException {
        this.version = version;
        String host = connected.getInetAddress().getHostAddress();
        underlying = connected;
        socket = (SSLSocket) tls.getSocketFactory().createSocket(connected, host, connected.getPort(), true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        in = new DataInputStream(socket.getInputStream());
    }

    /** What a subscriber is sent.
     *
     * @param properties in hexadecimal, empty for MQTT 3.1.1
     */
    public record Publish(
            boolean duplicate,
            int qos,
            boolean retain,
            String topic,
            int packetId,
            String properties,
            String payload) {}

    public void send(byte[]... packets) throws IOException {
        socket.getOutputStream().write(Wire.join(packets));
        socket.getOutputStream().flush();
    }

    /** Connects and expects to be taken. */
    public RawClient connect(String clientId) throws IOException {
        send(Wire.connect(version, clientId));
        assertThat(next())
                .startsWith("20")
                .satisfies(connAck -> assertThat(connAck.substring(4, 8)).isEqualTo("0000"));
        return this;
    }

    /** Subscribes to one filter with QoS 1 and expects it to be granted. */
    public RawClient subscribe(String filter) throws IOException {
        send(Wire.subscribe(version, 1, 1, filter));
        assertThat(next()).isEqualTo(version == Wire.MQTT_5 ? "900400010001" : "9003000101");
        return this;
    }

    /** The next packet in hexadecimal, or {@link #CLOSED}. */
    public String next() throws IOException {
        try {
            int first = in.read();
            if (first < 0) {
                return CLOSED;
            }
            int length = 0;
            byte[] lengthBytes = {};
            for (int shift = 0; shift < 28; shift += 7) {
                int digit = in.readUnsignedByte();
                lengthBytes = Wire.join(lengthBytes, new byte[] {(byte) digit});
                length |= (digit & 127) << shift;
                if (digit < 128) {
                    break;
                }
            }
            byte[] body = new byte[length];
            in.readFully(body);
            return HexFormat.of().formatHex(Wire.join(new byte[] {(byte) first}, lengthBytes, body));
        } catch (SocketException reset) {
            return CLOSED;
        }
    }

    public Publish nextPublish() throws IOException {
        return publish(next());
    }

    /** A packet that was read, as what it must be. */
    Publish publish(String hex) {
        assertThat(hex).startsWith("3");
        byte[] bytes = Wire.hex(hex);
        int at = 2;
        while ((bytes[at - 1] & 128) != 0) {
            at++;
        }
        int topicLength = (bytes[at] & 255) << 8 | (bytes[at + 1] & 255);
        String topic = new String(bytes, at + 2, topicLength, StandardCharsets.UTF_8);
        at += 2 + topicLength;
        int qos = bytes[0] >> 1 & 3;
        int packetId = 0;
        if (qos > 0) {
            packetId = (bytes[at] & 255) << 8 | (bytes[at + 1] & 255);
            at += 2;
        }
        String properties = "";
        if (version == Wire.MQTT_5) {
            int length = 0;
            int shift = 0;
            int digit;
            do {
                digit = bytes[at++] & 255;
                length |= (digit & 127) << shift;
                shift += 7;
            } while (digit > 127);
            properties = HexFormat.of().formatHex(bytes, at, at + length);
            at += length;
        }
        String payload = new String(bytes, at, bytes.length - at, StandardCharsets.UTF_8);
        return new Publish((bytes[0] & 8) != 0, qos, (bytes[0] & 1) != 0, topic, packetId, properties, payload);
    }

    /** Shows that nothing else was on its way: the answer to a ping comes next. */
    public void expectNothing() throws IOException {
        send(Wire.ping());
        assertThat(next()).isEqualTo("d000");
    }

    /** Breaks the connection without a word of MQTT. */
    @Override
    public void close() throws IOException {
        underlying.close(); // Also while another thread is writing, for which TLS would wait.
        socket.close();
    }
}
