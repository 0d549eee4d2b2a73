package dev.roundtrip.local.keys;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** A certificate signing request (PKCS #10) whose sender has the key in it. Immutable.
 *
 * @param subject the name that is wanted in the certificate
 */
public record SigningRequest(X500Principal subject, PublicKey key) {

    /** Reads a request and verifies its signature.
     *
     * @param pem any text
     * @return empty when it is no request, or its signature is not by the key in it
     */
    public static Optional<SigningRequest> read(String pem) {
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            PemObject object = reader.readPemObject();
            if (object == null || !object.getType().endsWith("CERTIFICATE REQUEST")) {
                return Optional.empty();
            }
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(object.getContent());
            PublicKey key = request.getPublicKey();
            boolean proved = request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
            return proved
                    ? Optional.of(new SigningRequest(
                            new X500Principal(request.getSubject().getEncoded()), key))
                    : Optional.empty();
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException
                | IllegalStateException unreadable) {
            return Optional.empty();
        }
    }

    /** The request of one who has these keys, as PEM.
     *
     * @param keys on an elliptic curve
     */
    public static String of(X500Principal subject, KeyPair keys) {
        try {
            ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return Pem.of(
                    "CERTIFICATE REQUEST",
                    new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
                            .build(signer)
                            .getEncoded());
        } catch (IOException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
