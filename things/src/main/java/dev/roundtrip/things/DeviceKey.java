package dev.roundtrip.things;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;

/** The key of a thing, on the curve P-256. It is made here, and its private half is never sent. */
final class DeviceKey {
    private static final String KEY = "PRIVATE KEY";
    private static final String REQUEST = "CERTIFICATE REQUEST";

    /** The longest common name; source: RFC 5280, "ub-common-name". */
    private static final int MAX_COMMON_NAME = 64;

    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final byte[] VERSION_1 = {2, 1, 0};
    private static final byte[] NO_ATTRIBUTES = {(byte) 0xa0, 0};

    /** The algorithm ecdsa-with-SHA256, 1.2.840.10045.4.3.2; source: RFC 5758. */
    private static final byte[] ECDSA_WITH_SHA256 = {
        0x30, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
    };

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private DeviceKey(PrivateKey privateKey, byte[] publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    static DeviceKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new DeviceKey(pair.getPrivate(), pair.getPublic().getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A key that was kept.
     *
     * @throws IllegalArgumentException when the texts are something else
     */
    static DeviceKey of(String privatePem, String publicText) {
        String base64 = privatePem.replaceAll("-----[^-]*-----|\\s", "");
        try {
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
            return new DeviceKey(key, Base64.getDecoder().decode(publicText));
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException("it must be the PEM text of a key on an elliptic curve", malformed);
        }
    }

    /** The private half, PKCS #8 as PEM: a secret. */
    String privatePem() {
        return pem(KEY, privateKey.getEncoded());
    }

    /** The public half, SubjectPublicKeyInfo in base64. */
    String publicText() {
        return Base64.getEncoder().encodeToString(publicKey);
    }

    /** A request for a certificate (PKCS #10, RFC 2986) as PEM.
     *
     * @param name the common name that is wanted in the certificate; what exceeds 64 characters is left out
     */
    String signingRequest(String name) {
        String commonName = name.length() > MAX_COMMON_NAME ? name.substring(0, MAX_COMMON_NAME) : name;
        byte[] info = tagged(
                SEQUENCE, VERSION_1, new X500Principal("CN=" + commonName).getEncoded(), publicKey, NO_ATTRIBUTES);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(privateKey);
            signature.update(info);
            byte[] noUnusedBits = {0};
            return pem(
                    REQUEST,
                    tagged(SEQUENCE, info, ECDSA_WITH_SHA256, tagged(BIT_STRING, noUnusedBits, signature.sign())));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A value in DER: tag, length, contents. */
    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            contents.writeBytes(part);
        }
        int length = contents.size();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length < 0x80) {
            whole.write(length);
        } else if (length < 0x100) {
            whole.write(0x81);
            whole.write(length);
        } else {
            whole.write(0x82);
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(contents.toByteArray());
        return whole.toByteArray();
    }

    private static String pem(String type, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    }
}
