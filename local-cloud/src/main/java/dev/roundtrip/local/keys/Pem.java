package dev.roundtrip.local.keys;

import dev.roundtrip.local.store.StateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates and keys as text. Keys are in the PKCS #8 form, {@code BEGIN PRIVATE KEY}, which every TLS library
 * reads.
 */
public final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private Pem() {}

    public static String of(X509Certificate certificate) {
        try {
            return of(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static String of(PrivateKey key) {
        return of(PRIVATE_KEY, key.getEncoded());
    }

    public static String of(PublicKey key) {
        return of("PUBLIC KEY", key.getEncoded());
    }

    /** An RSA key in the PKCS #1 form, {@code BEGIN RSA PRIVATE KEY}, as AWS gives keys out. */
    public static String pkcs1(PrivateKey rsa) {
        try {
            return of(
                    "RSA PRIVATE KEY",
                    PrivateKeyInfo.getInstance(rsa.getEncoded())
                            .parsePrivateKey()
                            .toASN1Primitive()
                            .getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The one certificate that a text holds.
     *
     * @return empty when the text is something else
     */
    public static Optional<X509Certificate> certificate(String text) {
        try (PemReader reader = new PemReader(new StringReader(text))) {
            PemObject object = reader.readPemObject();
            if (object == null || !object.getType().equals(CERTIFICATE) || reader.readPemObject() != null) {
                return Optional.empty();
            }
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(object.getContent())));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** Key and certificates in one text, so that one file always holds what belongs together. */
    public static String of(TlsIdentity identity) {
        StringBuilder text = new StringBuilder(of(identity.key()));
        identity.chain().forEach(certificate -> text.append(of(certificate)));
        return text.toString();
    }

    /** Reads what {@link #of(TlsIdentity)} wrote.
     *
     * @throws StateException when there is not one key and at least one certificate; the message holds nothing of the
     *     text
     */
    public static TlsIdentity identity(Path file, String text) throws StateException {
        List<PrivateKey> keys = new ArrayList<>();
        List<X509Certificate> chain = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            for (PemObject object = reader.readPemObject(); object != null; object = reader.readPemObject()) {
                switch (object.getType()) {
                    case PRIVATE_KEY ->
                        keys.add(KeyFactory.getInstance("EC")
                                .generatePrivate(new PKCS8EncodedKeySpec(object.getContent())));
                    case CERTIFICATE ->
                        chain.add((X509Certificate)
                                certificates.generateCertificate(new ByteArrayInputStream(object.getContent())));
                    default -> throw malformed(file);
                }
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
            throw malformed(file);
        }
        if (keys.size() != 1 || chain.isEmpty()) {
            throw malformed(file);
        }
        return new TlsIdentity(keys.getFirst(), chain);
    }

    private static StateException malformed(Path file) {
        return new StateException(file + " must hold one private key and its certificate in PEM form");
    }

    static String of(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return text.toString();
    }
}
