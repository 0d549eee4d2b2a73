package dev.roundtrip.local.iot.certificate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The name of a certificate: the SHA-256 fingerprint of its DER form.
 *
 * @param value 64 digits of lower-case hexadecimal
 */
public record CertificateId(String value) {
    private static final Pattern RULE = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException when the value is no fingerprint */
    public CertificateId {
        if (!RULE.matcher(value).matches()) {
            throw new IllegalArgumentException("a certificate id has 64 digits of lower-case hexadecimal");
        }
    }

    /** The id of a certificate. */
    public static CertificateId of(X509Certificate certificate) {
        try {
            return new CertificateId(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
