package dev.roundtrip.benchmarks.subject;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs GET requests with Signature Version 4, at the price of one SHA-256 and one HMAC each: the key of a day is
 * derived once, as every SDK does. Not
 * thread-safe. */
final class CallSigner {
    /** The SHA-256 of nothing. */
    static final String EMPTY_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String SIGNED_HEADERS = "host;x-amz-content-sha256;x-amz-date";
    private static final HexFormat HEX = HexFormat.of();

    private final Api api;
    private final String host;
    private final String path;
    private final MessageDigest sha256;
    private final Mac hmac;
    private long second = Long.MIN_VALUE;
    private String date = "";
    private String scope = "";

    /** @param api its path must be of unreserved characters and slashes alone */
    CallSigner(Api api) {
        this.api = api;
        this.host = api.endpoint().getAuthority();
        this.path = api.endpoint().getPath();
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
            this.hmac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** The request up to its end: request line, the headers that are signed, and the signature.
     *
     * @param query canonical: percent-encoded, sorted by name
     */
    String sign(String query, Instant now) {
        dateAt(now);
        String canonical = "GET\n" + path + "\n" + query + "\nhost:" + host + "\nx-amz-content-sha256:" + EMPTY_BODY
                + "\nx-amz-date:" + date + "\n\n" + SIGNED_HEADERS + "\n" + EMPTY_BODY;
        String toSign =
                "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + HEX.formatHex(sha256.digest(bytes(canonical)));
        String signature = HEX.formatHex(hmac.doFinal(bytes(toSign)));
        return "GET " + path + "?" + query + " HTTP/1.1\r\nHost: " + host + "\r\nX-Amz-Date: " + date
                + "\r\nx-amz-content-sha256: " + EMPTY_BODY + "\r\nAuthorization: AWS4-HMAC-SHA256 Credential="
                + api.accessKeyId()
                + "/" + scope + ", SignedHeaders=" + SIGNED_HEADERS + ", Signature=" + signature + "\r\n\r\n";
    }

    private void dateAt(Instant now) {
        if (now.getEpochSecond() == second) {
            return;
        }
        second = now.getEpochSecond();
        date = DATE.format(now);
        String day = date.substring(0, 8);
        if (!scope.startsWith(day)) {
            scope = day + "/" + api.region() + "/execute-api/aws4_request";
            byte[] derived = bytes("AWS4" + api.secretAccessKey());
            for (String part : scope.split("/", -1)) {
                derived = keyed(derived).doFinal(bytes(part));
            }
            keyed(derived);
        }
    }

    private Mac keyed(byte[] with) {
        try {
            hmac.init(new SecretKeySpec(with, "HmacSHA256"));
            return hmac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("any bytes are a key", impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
