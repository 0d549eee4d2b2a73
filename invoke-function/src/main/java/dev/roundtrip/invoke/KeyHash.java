package dev.roundtrip.invoke;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The hash of several texts, from which none of them can be read and which no other texts have: base64url, without
 * padding, of SHA-256 over each text's length in bytes, as 4 bytes with the highest first, and its UTF-8.
 */
final class KeyHash {
    private KeyHash() {}

    /** @return 43 characters */
    static String of(String... texts) {
        MessageDigest sha256 = sha256();
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
            sha256.update(utf8);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("each Java runtime has SHA-256", impossible);
        }
    }
}
