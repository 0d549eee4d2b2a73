package dev.roundtrip.sigv4;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding as Signature Version 4 wants it: RFC 3986, UTF-8, upper-case hexadecimal digits. */
final class PercentEncoding {
    private static final String UNRESERVED_MARKS = "-._~";
    private static final String PATH_MARKS = UNRESERVED_MARKS + "/!$&'()*+,;=:@"; // RFC 3986, section 3.3
    private static final String HEX = "0123456789ABCDEF";

    private PercentEncoding() {}

    /** Encodes what a path may not hold as it is. What is encoded already stays so, but for letters, digits and
     * {@code -._~}.
     */
    static String path(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (isEscape(bytes, i)) {
                append(encoded, unescape(bytes, i), UNRESERVED_MARKS);
                i += 2;
            } else {
                append(encoded, bytes[i], PATH_MARKS);
            }
        }
        return encoded.toString();
    }

    /** Encodes a name or a value of a query: everything but letters, digits and {@code -._~}. A {@code +} means a
     * blank.
     *
     * @throws IllegalArgumentException when the decoded bytes are no UTF-8, which no signature can cover
     */
    static String queryPart(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (isEscape(bytes, i)) {
                decoded.write(unescape(bytes, i));
                i += 2;
            } else {
                decoded.write(bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        requireUtf8(decoded.toByteArray(), typed);
        StringBuilder encoded = new StringBuilder(bytes.length);
        for (byte each : decoded.toByteArray()) {
            append(encoded, each, UNRESERVED_MARKS);
        }
        return encoded.toString();
    }

    private static void append(StringBuilder to, byte value, String marks) {
        if (isLetterOrDigit(value) || (value >= 0 && marks.indexOf(value) >= 0)) {
            to.append((char) value);
        } else {
            to.append('%').append(HEX.charAt((value >> 4) & 0xf)).append(HEX.charAt(value & 0xf));
        }
    }

    private static boolean isLetterOrDigit(byte value) {
        return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z') || (value >= '0' && value <= '9');
    }

    /** Whether an escape starts here; a {@code %} before anything else than two hexadecimal digits means itself. */
    private static boolean isEscape(byte[] bytes, int at) {
        return bytes[at] == '%'
                && at + 2 < bytes.length
                && Character.digit(bytes[at + 1], 16) >= 0
                && Character.digit(bytes[at + 2], 16) >= 0;
    }

    private static byte unescape(byte[] bytes, int at) {
        return (byte) (Character.digit(bytes[at + 1], 16) << 4 | Character.digit(bytes[at + 2], 16));
    }

    private static void requireUtf8(byte[] decoded, String typed) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the query's '" + typed + "' is no UTF-8 when decoded", e);
        }
    }
}
