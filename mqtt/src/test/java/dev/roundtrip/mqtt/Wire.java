package dev.roundtrip.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Packets of a client as bytes, written here by hand so that nothing of the broker's own is believed. */
public final class Wire {
    public static final int MQTT_3 = 4;
    public static final int MQTT_5 = 5;

    private Wire() {}

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    public static byte[] text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return join(hex(String.format("%04x", bytes.length)), bytes);
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static byte[] varint(int value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int rest = value;
        do {
            bytes.write(rest > 127 ? (rest & 127) | 128 : rest);
            rest >>>= 7;
        } while (rest > 0);
        return bytes.toByteArray();
    }

    public static byte[] packet(int firstByte, byte[]... body) {
        byte[] joined = join(body);
        return join(new byte[] {(byte) firstByte}, varint(joined.length), joined);
    }

    static byte[] properties(int version, String hex) {
        byte[] properties = hex(hex);
        return version == MQTT_5 ? join(varint(properties.length), properties) : new byte[0];
    }

    /** A clean CONNECT with a keep-alive of 60 s. */
    public static byte[] connect(int version, String clientId) {
        return connect(version, clientId, 0x02, 60, "");
    }

    public static byte[] connect(
            int version, String clientId, int flags, int keepAlive, String properties, byte[]... rest) {
        return packet(
                0x10,
                text("MQTT"),
                hex(String.format("%02x%02x%04x", version, flags, keepAlive)),
                properties(version, properties),
                text(clientId),
                join(rest));
    }

    /** The same PUBLISH with RETAIN. */
    static byte[] retained(byte[] publish) {
        byte[] retained = publish.clone();
        retained[0] |= 0x01;
        return retained;
    }

    public static byte[] will(int version, String topic, String payload) {
        return join(properties(version, ""), text(topic), text(payload));
    }

    public static byte[] subscribe(int version, int packetId, int options, String... filters) {
        byte[] requests = {};
        for (String filter : filters) {
            requests = join(requests, text(filter), new byte[] {(byte) options});
        }
        return packet(0x82, hex(String.format("%04x", packetId)), properties(version, ""), requests);
    }

    public static byte[] unsubscribe(int version, int packetId, String filter) {
        return packet(0xA2, hex(String.format("%04x", packetId)), properties(version, ""), text(filter));
    }

    public static byte[] publish0(int version, String topic, String payload) {
        return packet(0x30, text(topic), properties(version, ""), payload.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] publish1(int version, int packetId, String topic, String payload) {
        return publish1(version, packetId, topic, "", payload.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] publish1(int version, int packetId, String topic, String properties, byte[] payload) {
        return packet(
                0x32, text(topic), hex(String.format("%04x", packetId)), properties(version, properties), payload);
    }

    public static byte[] pubAck(int packetId) {
        return packet(0x40, hex(String.format("%04x", packetId)));
    }

    public static byte[] ping() {
        return hex("c000");
    }

    public static byte[] disconnect() {
        return hex("e000");
    }
}
