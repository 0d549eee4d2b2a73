package dev.roundtrip.benchmarks.subject;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One answer of HTTP/1.1 with a Content-Length, read as little as needed.
 *
 * @param text the answer and what follows it, a character for each byte: strings are searched many characters at a
 *     time, buffers byte by byte
 * @param body where its body begins in the text
 * @param length of the answer in the text
 * @param end where the next answer begins in the buffer
 */
record HttpAnswer(String text, int body, int length, int end) {
    private static final String LINE_END = "\r\n";
    private static final String HEAD_END = "\r\n\r\n";
    private static final String LENGTH = "content-length";
    private static final int STATUS = "HTTP/1.1 ".length();

    /** The answer at the buffer's reader index; null when it is not there as a whole. */
    static @Nullable HttpAnswer read(ByteBuf buffer) {
        String text = buffer.toString(StandardCharsets.ISO_8859_1);
        int head = text.indexOf(HEAD_END);
        if (head < 0) {
            return null;
        }
        int body = head + HEAD_END.length();
        String value = header(text, body, LENGTH);
        if (value.isEmpty()) {
            throw new IllegalStateException("an answer without Content-Length");
        }
        int length = body + Integer.parseInt(value);
        return length > text.length() ? null : new HttpAnswer(text, body, length, buffer.readerIndex() + length);
    }

    /** The three digits of the status line. */
    int status() {
        return Integer.parseInt(text, STATUS, STATUS + 3, 10);
    }

    /** Whether the body has this text anywhere. */
    boolean bodyHas(String wanted) {
        return text.indexOf(wanted, body, length) >= 0;
    }

    /** A header's value; empty when it is not there. */
    String header(String name) {
        return header(text, body, name);
    }

    private static String header(String text, int body, String name) {
        for (int at = text.indexOf(LINE_END); at + HEAD_END.length() < body; at = text.indexOf(LINE_END, at)) {
            at += LINE_END.length();
            int colon = at + name.length();
            if (text.regionMatches(true, at, name, 0, name.length()) && text.charAt(colon) == ':') {
                return text.substring(colon + 1, text.indexOf(LINE_END, colon)).strip();
            }
        }
        return "";
    }
}
