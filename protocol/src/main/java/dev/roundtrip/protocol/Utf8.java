package dev.roundtrip.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The encoding of JSON between systems. Source: RFC 8259, 8.1; well-formed sequences: The Unicode Standard, table 3-7.
 */
final class Utf8 {
    /** What is said of bytes that are anything else. */
    static final String NOT_UTF_8 = "is not UTF-8";

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EVERY_LOW_BIT = 0x0101010101010101L;
    private static final long EVERY_HIGH_BIT = 0x8080808080808080L;

    private Utf8() {}

    /** The bytes of a text.
     *
     * @throws MalformedJsonException when it has half of a surrogate pair
     */
    static byte[] encode(String text) throws MalformedJsonException {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (Character.charCount(text.codePointAt(at)) != 2) {
                    throw new MalformedJsonException(NOT_UTF_8);
                }
                at++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the bytes are well-formed, without U+0000: no JSON has that as it is, and UTF-16 and UTF-32 always do.
     */
    static boolean isText(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            if (bytes[at] > 0) {
                at = afterAscii(bytes, at + 1);
            } else {
                int length = sequence(bytes, at);
                if (length == 0) {
                    return false;
                }
                at += length;
            }
        }
        return true;
    }

    /** Where the eight bytes begin of which one is zero or beyond ASCII, or fewer than eight are left. */
    private static int afterAscii(byte[] bytes, int from) {
        int at = from;
        while (at + Long.BYTES <= bytes.length) {
            long eight = (long) LONG.get(bytes, at);
            if (((eight | (eight - EVERY_LOW_BIT)) & EVERY_HIGH_BIT) != 0) {
                break;
            }
            at += Long.BYTES;
        }
        return at;
    }

    /** How many bytes the character beyond ASCII has that begins here; 0 when it is ill-formed. */
    private static int sequence(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        if (first >= 0xc2 && first <= 0xdf) {
            return follows(bytes, at + 1, 0x80, 0xbf) ? 2 : 0;
        }
        if (first >= 0xe0 && first <= 0xef) {
            // Neither what has a shorter form nor half of a surrogate pair.
            int low = first == 0xe0 ? 0xa0 : 0x80;
            int high = first == 0xed ? 0x9f : 0xbf;
            return follows(bytes, at + 1, low, high) && follows(bytes, at + 2, 0x80, 0xbf) ? 3 : 0;
        }
        if (first >= 0xf0 && first <= 0xf4) {
            int low = first == 0xf0 ? 0x90 : 0x80;
            int high = first == 0xf4 ? 0x8f : 0xbf;
            return follows(bytes, at + 1, low, high)
                            && follows(bytes, at + 2, 0x80, 0xbf)
                            && follows(bytes, at + 3, 0x80, 0xbf)
                    ? 4
                    : 0;
        }
        return 0;
    }

    private static boolean follows(byte[] bytes, int at, int low, int high) {
        return at < bytes.length && (bytes[at] & 0xff) >= low && (bytes[at] & 0xff) <= high;
    }
}
