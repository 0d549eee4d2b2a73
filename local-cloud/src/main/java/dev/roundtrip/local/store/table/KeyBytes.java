package dev.roundtrip.local.store.table;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys as a store orders them: by their bytes in UTF-8. */
final class KeyBytes {
    /** Greater than every byte of UTF-8. */
    private static final byte[] END = {(byte) 0xFF};

    private KeyBytes() {}

    /** A key's bytes.
     *
     * @throws IllegalArgumentException when the key has half a surrogate pair, which UTF-8 does not write
     */
    static byte[] of(String key) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException unpaired) {
            throw new IllegalArgumentException("a key has half a surrogate pair", unpaired);
        }
    }

    /** The key of these bytes. */
    static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** The keys of a page.
     *
     * @param from the smallest key that may be there
     * @param to greater than all of them
     * @param most how many at most, 1 or more
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Range(byte[] from, byte[] to, int most) {

        Range {
            if (most < 1) {
                throw new IllegalArgumentException("a page has at least one row, and not " + most);
            }
        }

        /** @throws IllegalArgumentException when a key has half a surrogate pair, or the page has no room */
        static Range of(String prefix, String after, int most) {
            byte[] first = KeyBytes.of(prefix);
            byte[] to = first.length == 0 ? END : next(first);
            if (after.isEmpty()) {
                return new Range(first, to, most);
            }
            // No key is between a key and the same with a byte 0 behind.
            byte[] second = KeyBytes.of(after);
            second = Arrays.copyOf(second, second.length + 1);
            return new Range(Arrays.compareUnsigned(first, second) < 0 ? second : first, to, most);
        }

        /** What follows all keys of a prefix. The last byte is one of UTF-8, and never the greatest. */
        private static byte[] next(byte[] prefix) {
            byte[] next = prefix.clone();
            next[next.length - 1]++;
            return next;
        }

        boolean isEmpty() {
            return Arrays.compareUnsigned(from, to) >= 0;
        }
    }
}
