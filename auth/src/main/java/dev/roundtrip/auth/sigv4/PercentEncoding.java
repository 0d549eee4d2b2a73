package dev.roundtrip.auth.sigv4;

import java.nio.charset.StandardCharsets;

/** Percent-encoding as RFC 3986 and Signature Version 4 want it: upper-case hexadecimal, and only unreserved characters
 * as they are.
 */
final class PercentEncoding {
    private static final String HEX = "0123456789ABCDEF";
    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
                .chars()
                .forEach(character -> UNRESERVED[character] = true);
    }

    private PercentEncoding() {}

    static boolean isUnreserved(char character) {
        return character < 128 && UNRESERVED[character];
    }

    /** Encodes a path whole, its percent signs too; slashes stay. */
    static String encodePath(String path) {
        StringBuilder encoded = new StringBuilder(path.length() + 16);
        for (int i = 0; i < path.length(); i++) {
            char character = path.charAt(i);
            if (character == '/') {
                encoded.append(character);
            } else {
                append(encoded, character);
            }
        }
        return encoded.toString();
    }

    /** Brings one name or value of a query into canonical form: what is encoded is decoded, {@code +} is a space, and
     * all is encoded again.
     *
     * <p>API Gateway hands {@code a+b} to its function as {@code a b}; were it signed as {@code a%2Bb}, somebody on the
     * way could turn a signed plus into a space.
     *
     * @throws RefusalException when a percent sign is not followed by two hexadecimal digits
     */
    static String canonicalize(String query, int from, int to) throws RefusalException {
        int i = from;
        while (i < to && isUnreserved(query.charAt(i))) {
            i++;
        }
        if (i == to) {
            return query.substring(from, to);
        }
        StringBuilder canonical = new StringBuilder(to - from + 16).append(query, from, i);
        while (i < to) {
            char character = query.charAt(i++);
            if (character == '%') {
                append(canonical, (char) octet(query, i, to));
                i += 2;
            } else {
                append(canonical, character == '+' ? ' ' : character);
            }
        }
        return canonical.toString();
    }

    /** Decodes canonical text as UTF-8. */
    static String decode(String canonical) {
        if (canonical.indexOf('%') < 0) {
            return canonical;
        }
        byte[] decoded = new byte[canonical.length()];
        int length = 0;
        for (int i = 0; i < canonical.length(); i++) {
            char character = canonical.charAt(i);
            if (character == '%') {
                decoded[length++] = (byte) Integer.parseInt(canonical, i + 1, i + 3, 16);
                i += 2;
            } else {
                decoded[length++] = (byte) character;
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private static int octet(String query, int from, int to) throws RefusalException {
        int high = from + 1 < to ? hexDigit(query.charAt(from)) : -1;
        int low = from + 1 < to ? hexDigit(query.charAt(from + 1)) : -1;
        if (high < 0 || low < 0) {
            throw RefusalException.incomplete("Illegal hex characters in escape (%) pattern of the query string");
        }
        return high << 4 | low;
    }

    private static int hexDigit(char character) {
        return character < 128 ? Character.digit(character, 16) : -1;
    }

    private static void append(StringBuilder encoded, char octet) {
        if (isUnreserved(octet)) {
            encoded.append(octet);
        } else {
            encoded.append('%').append(HEX.charAt(octet >> 4 & 0xf)).append(HEX.charAt(octet & 0xf));
        }
    }
}
