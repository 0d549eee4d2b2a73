package dev.roundtrip.auth.sigv4;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 without a provider lookup for each use: a fresh digest is cloned. */
final class Sha256 {
    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final MessageDigest FRESH = fresh();

    private Sha256() {}

    static byte[] digest(byte[] bytes) {
        try {
            return ((MessageDigest) FRESH.clone()).digest(bytes);
        } catch (CloneNotSupportedException e) {
            return fresh().digest(bytes);
        }
    }

    /** The digest in lower-case hexadecimal. */
    static String hex(byte[] bytes) {
        return bytes.length == 0 ? OF_NOTHING : HexFormat.of().formatHex(digest(bytes));
    }

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
