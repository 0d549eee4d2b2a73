package dev.roundtrip.auth.sigv4;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The {@code Authorization} header, taken apart.
 *
 * @param algorithm the word that it begins with
 * @param credential null when absent or empty; so are the others
 */
record AuthorizationHeader(
        String algorithm,
        @Nullable String credential,
        @Nullable String signedHeaders,
        @Nullable String signature) {

    /** @throws RefusalException when it is not a list of key=value pairs, or says something twice */
    static AuthorizationHeader parse(String header) throws RefusalException {
        int space = header.indexOf(' ');
        int from = space < 0 ? header.length() : space + 1;
        String algorithm = space < 0 ? header : header.substring(0, space);
        String credential = null;
        String signedHeaders = null;
        String signature = null;
        while (from < header.length()) {
            int comma = header.indexOf(',', from);
            int to = comma < 0 ? header.length() : comma;
            String pair = header.substring(from, to).trim();
            from = to + 1;
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw RefusalException.incomplete("Invalid key=value pair (missing equal-sign) in Authorization header"
                        + " (hashed with SHA-256 and encoded with Base64): '" + fingerprint(header) + "'.");
            }
            String value = pair.substring(equals + 1);
            switch (pair.substring(0, equals)) {
                case "Credential" -> credential = once(credential, value, header);
                case "SignedHeaders" -> signedHeaders = once(signedHeaders, value, header);
                case "Signature" -> signature = once(signature, value, header);
                default -> {
                    // Passed over, as AWS does: what counts is that the three that are needed are there.
                }
            }
        }
        return new AuthorizationHeader(algorithm, credential, signedHeaders, signature);
    }

    /** What AWS shows in an error message in the header's stead. */
    static String fingerprint(String header) {
        return Base64.getEncoder().encodeToString(Sha256.digest(header.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static @Nullable String once(@Nullable String earlier, String value, String header)
            throws RefusalException {
        if (earlier != null) {
            throw RefusalException.incomplete("Authorization header must have each parameter only once."
                    + " (Hashed with SHA-256 and encoded with Base64) Authorization=" + fingerprint(header));
        }
        return value.isEmpty() ? null : value;
    }
}
