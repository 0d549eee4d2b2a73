package dev.roundtrip.mqtt.packet;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one packet, never past its end. Not thread-safe. */
final class Fields {
    private final ByteBuf in;
    private final int end;

    /** @param end the index after the packet's last byte; all bytes up to there are readable */
    Fields(ByteBuf in, int end) {
        this.in = in;
        this.end = end;
    }

    int remaining() {
        return end - in.readerIndex();
    }

    int position() {
        return in.readerIndex();
    }

    /** Copies bytes that were read already. */
    byte[] copy(int from, int to) {
        byte[] bytes = new byte[to - from];
        in.getBytes(from, bytes);
        return bytes;
    }

    int unsignedByte() throws UnreadablePacketException {
        need(1);
        return in.readUnsignedByte();
    }

    int unsignedShort() throws UnreadablePacketException {
        need(2);
        return in.readUnsignedShort();
    }

    long unsignedInt() throws UnreadablePacketException {
        need(4);
        return in.readUnsignedInt();
    }

    /** Reads a variable byte integer. MQTT 5.0, section 1.5.5: as short as can be. */
    int variableInteger() throws UnreadablePacketException {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int digit = unsignedByte();
            value |= (digit & 0x7f) << shift;
            if (digit < 0x80) {
                if (digit == 0 && shift > 0) {
                    throw UnreadablePacketException.malformed("a variable byte integer has more bytes than it needs");
                }
                return value;
            }
        }
        throw UnreadablePacketException.malformed("a variable byte integer has more than four bytes");
    }

    byte[] bytes(int length) throws UnreadablePacketException {
        need(length);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    byte[] binary() throws UnreadablePacketException {
        return bytes(unsignedShort());
    }

    /** Reads a UTF-8 string. MQTT 5.0, section 1.5.4: ill-formed UTF-8 and U+0000 end the connection. */
    String text() throws UnreadablePacketException {
        byte[] bytes = binary();
        boolean ascii = true;
        for (byte each : bytes) {
            if (each == 0) {
                throw UnreadablePacketException.malformed("a string has U+0000");
            }
            ascii &= each > 0;
        }
        if (ascii) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException illFormed) {
            throw UnreadablePacketException.malformed("a string is not well-formed UTF-8");
        }
    }

    void skip(int length) throws UnreadablePacketException {
        need(length);
        in.skipBytes(length);
    }

    private void need(int length) throws UnreadablePacketException {
        if (remaining() < length) {
            throw UnreadablePacketException.malformed("a field goes past the packet's end");
        }
    }
}
