package dev.roundtrip.mqtt.packet;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Turns the bytes of one client into {@link Packet}s, however they were split or joined.
 *
 * <p>Netty's own decoder waits for bytes beyond a packet's end when an inner length lies, and passes ill-formed UTF-8
 * and repeated properties; this one reads a packet only when it is whole, and never past its end. After the first
 * {@link Packet.Unreadable} everything else is thrown away.
 */
public final class PacketDecoder extends ByteToMessageDecoder {
    private static final int INCOMPLETE = -1;

    private final int maxPacketBytes;
    private final PacketReader reader = new PacketReader();
    private boolean broken;

    /** @param maxPacketBytes the largest packet taken, its fixed header included */
    public PacketDecoder(int maxPacketBytes) {
        this.maxPacketBytes = maxPacketBytes;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            decodeOne(in, out);
        } catch (UnreadablePacketException unreadable) {
            broken = true;
            in.skipBytes(in.readableBytes());
            out.add(new Packet.Unreadable(unreadable.reason(), unreadable.problem(), reader.version()));
        }
    }

    private void decodeOne(ByteBuf in, List<Object> out) throws UnreadablePacketException {
        int start = in.readerIndex();
        int firstByte = in.readUnsignedByte();
        int length = remainingLength(in);
        if (length == INCOMPLETE) {
            in.readerIndex(start);
            return;
        }
        int end = in.readerIndex() + length;
        if (end - start > maxPacketBytes) {
            throw new UnreadablePacketException(
                    ReasonCode.PACKET_TOO_LARGE, "a packet may have at most " + maxPacketBytes + " bytes");
        }
        if (length > in.readableBytes()) {
            in.readerIndex(start);
            return;
        }
        out.add(reader.read(firstByte, new Fields(in, end)));
    }

    /** MQTT 5 wants it as short as can be; for MQTT 3.1.1, clients that always write four bytes are in the right. */
    private int remainingLength(ByteBuf in) throws UnreadablePacketException {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            if (!in.isReadable()) {
                return INCOMPLETE;
            }
            int digit = in.readUnsignedByte();
            length |= (digit & 0x7f) << shift;
            if (digit < 0x80) {
                if (digit == 0 && shift > 0 && reader.version() == ProtocolVersion.MQTT_5) {
                    throw UnreadablePacketException.malformed("the remaining length has more bytes than it needs");
                }
                return length;
            }
        }
        throw UnreadablePacketException.malformed("the remaining length has more than four bytes");
    }
}
