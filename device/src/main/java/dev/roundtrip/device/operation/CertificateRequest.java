package dev.roundtrip.device.operation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** A new key, and the request to sign it (PKCS #10). The JDK signs, and has no public code that writes such a request.
 *
 * @param key the private key, PEM (PKCS #8); never leaves the device
 * @param text the request, PEM
 * @param publicKey what the certificate is to certify
 */
public record CertificateRequest(String key, String text, PublicKey publicKey) {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int BIT_STRING = 0x03;
    private static final int NO_ATTRIBUTES = 0xa0;

    /** The integer 0: version 1. */
    private static final byte[] VERSION = {0x02, 0x01, 0x00};

    /** 2.5.4.3, the common name. */
    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

    /** 1.2.840.10045.4.3.2, ECDSA with SHA-256. */
    private static final byte[] ECDSA_WITH_SHA256 = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02};

    private static final int LINE = 64;
    private static final int LONG_FORM = 0x80;

    /** Makes a key of the curve P-256, and asks for a certificate with this common name. */
    public static CertificateRequest of(String commonName) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] name = der(
                    SEQUENCE,
                    der(
                            SET,
                            der(
                                    SEQUENCE,
                                    der(OBJECT_IDENTIFIER, COMMON_NAME),
                                    der(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8)))));
            byte[] content = der(SEQUENCE, VERSION, name, pair.getPublic().getEncoded(), der(NO_ATTRIBUTES));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(content);
            byte[] request = der(
                    SEQUENCE,
                    content,
                    der(SEQUENCE, der(OBJECT_IDENTIFIER, ECDSA_WITH_SHA256)),
                    der(BIT_STRING, new byte[] {0}, signature.sign()));
            return new CertificateRequest(
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
                    pem("CERTIFICATE REQUEST", request),
                    pair.getPublic());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has P-256 and SHA-256", impossible);
        }
    }

    /** Whether a certificate is for the key of this request.
     *
     * @param certificate PEM, from anywhere
     */
    public boolean isAnsweredBy(String certificate) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)))
                    .getPublicKey()
                    .equals(publicKey);
        } catch (CertificateException unreadable) {
            return false;
        }
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        int length = content.size();
        if (length < LONG_FORM) {
            der.write(length);
        } else if (length < 1 << Byte.SIZE) {
            der.write(LONG_FORM + 1);
            der.write(length);
        } else {
            der.write(LONG_FORM + 2);
            der.write(length >> Byte.SIZE);
            der.write(length);
        }
        der.writeBytes(content.toByteArray());
        return der.toByteArray();
    }

    private static String pem(String kind, byte[] der) {
        String lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "CertificateRequest[" + text.length() + " characters]";
    }
}
