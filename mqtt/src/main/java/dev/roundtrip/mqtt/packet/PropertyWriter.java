package dev.roundtrip.mqtt.packet;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Collects the properties of a packet. Not thread-safe. */
public final class PropertyWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    /** Adds a property of one byte. */
    public PropertyWriter oneByte(int id, int value) {
        bytes.write(id);
        bytes.write(value);
        return this;
    }

    /** Adds a property of two bytes. */
    public PropertyWriter twoBytes(int id, int value) {
        bytes.write(id);
        bytes.write(value >>> 8);
        bytes.write(value);
        return this;
    }

    /** Adds a property of four bytes. */
    public PropertyWriter fourBytes(int id, long value) {
        bytes.write(id);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write((int) (value >>> shift));
        }
        return this;
    }

    /** Adds a string property of at most 65,535 bytes. */
    public PropertyWriter text(int id, String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        bytes.write(id);
        bytes.write(encoded.length >>> 8);
        bytes.write(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    /** Adds a property of at most 65,535 bytes. */
    public PropertyWriter binary(int id, byte[] value) {
        bytes.write(id);
        bytes.write(value.length >>> 8);
        bytes.write(value.length);
        bytes.writeBytes(value);
        return this;
    }

    /** Adds a pair of strings of at most 65,535 bytes each. */
    public PropertyWriter pair(int id, String name, String value) {
        text(id, name);
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        bytes.write(encoded.length >>> 8);
        bytes.write(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    /** The encoded properties, without their length. */
    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    int encodedSize() {
        return PacketWriter.variableIntegerSize(bytes.size()) + bytes.size();
    }

    void writeTo(ByteBuf out) {
        PacketWriter.writeVariableInteger(out, bytes.size());
        out.writeBytes(bytes.toByteArray());
    }
}
