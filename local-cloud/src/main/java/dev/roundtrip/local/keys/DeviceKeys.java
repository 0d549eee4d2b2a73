package dev.roundtrip.local.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** Keys of devices: how they are made, and which ones AWS IoT takes. */
public final class DeviceKeys {
    /** Source: AWS IoT API reference, CreateKeysAndCertificate, "a 2048-bit RSA key pair". */
    private static final int RSA_BITS = 2048;

    private DeviceKeys() {}

    /** A new RSA key pair, as AWS makes them. Takes about a tenth of a second of a processor. */
    public static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A new key pair on the curve P-256. */
    public static KeyPair ellipticCurve() {
        return Certificates.keyPair();
    }

    /** Whether AWS IoT takes a certificate with such a key: RSA of 2048 bits or more, or a NIST curve of 256 bits or
     * more. Source: AWS IoT API reference, CreateCertificateFromCsr.
     */
    public static boolean isStrong(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS;
            case ECPublicKey curve -> curve.getParams().getCurve().getField().getFieldSize() >= 256;
            default -> false;
        };
    }
}
