package dev.roundtrip.benchmarks.subject;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One answer of HTTP/1.1 with a Content-Length, read as little as needed. Valid as long as the buffer is.
 *
 * @param buffer has the whole answer
 * @param begin where it begins
 * @param body where its body begins
 * @param end where the next answer begins
 */
record HttpAnswer(ByteBuf buffer, int begin, int body, int end) {
    private static final ByteBuf HEAD_END =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII));
    private static final String LENGTH = "content-length:";

    /** The answer at the buffer's reader index; null when it is not there as a whole. */
    static @Nullable HttpAnswer read(ByteBuf buffer) {
        int begin = buffer.readerIndex();
        int headEnd = ByteBufUtil.indexOf(HEAD_END, buffer);
        if (headEnd < 0) {
            return null;
        }
        int body = headEnd + HEAD_END.readableBytes();
        int end = body + length(buffer, begin, headEnd);
        return end > buffer.writerIndex() ? null : new HttpAnswer(buffer, begin, body, end);
    }

    private static int length(ByteBuf buffer, int begin, int end) {
        int at = find(buffer, begin, end, LENGTH);
        if (at < 0) {
            throw new IllegalStateException("an answer without Content-Length");
        }
        int length = 0;
        for (int i = at + LENGTH.length(); i < end && buffer.getByte(i) != '\r'; i++) {
            int digit = buffer.getByte(i) - '0';
            if (digit >= 0 && digit <= 9) {
                length = length * 10 + digit;
            }
        }
        return length;
    }

    /** The three digits of the status line. */
    int status() {
        int at = begin + "HTTP/1.1 ".length();
        return (buffer.getByte(at) - '0') * 100 + (buffer.getByte(at + 1) - '0') * 10 + (buffer.getByte(at + 2) - '0');
    }

    /** Whether the body has this text, of lower-case letters, digits and signs, anywhere. */
    boolean bodyHas(String text) {
        return find(buffer, body, end, text) >= 0;
    }

    /** A header's value; empty when it is not there.
     *
     * @param name in lower case
     */
    String header(String name) {
        int at = find(buffer, begin, body, "\r\n" + name + ":");
        if (at < 0) {
            return "";
        }
        int from = at + name.length() + 3;
        int to = buffer.indexOf(from, body, (byte) '\r');
        return buffer.toString(from, to - from, StandardCharsets.US_ASCII).strip();
    }

    /** Letters of the buffer count as lower case. */
    private static int find(ByteBuf buffer, int from, int to, String text) {
        for (int at = from; at <= to - text.length(); at++) {
            int matched = 0;
            while (matched < text.length() && lower(buffer.getByte(at + matched)) == text.charAt(matched)) {
                matched++;
            }
            if (matched == text.length()) {
                return at;
            }
        }
        return -1;
    }

    private static int lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
    }
}
