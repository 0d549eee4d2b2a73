package dev.roundtrip.mqtt;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of one test run, and the TLS contexts of its devices. */
public final class TestAuthority {
    private static final char[] PASSWORD = "test".toCharArray();

    private final KeyPair key;
    private final X509Certificate certificate;
    private final AtomicLong serial = new AtomicLong(1);

    TestAuthority() throws Exception {
        key = newKey();
        certificate = sign("test authority", key, true, Instant.now().plus(Duration.ofDays(1)));
    }

    record Identity(KeyPair key, X509Certificate certificate) {}

    Identity identity(String name) throws Exception {
        return identity(name, Instant.now().plus(Duration.ofDays(1)));
    }

    Identity identity(String name, Instant notAfter) throws Exception {
        KeyPair own = newKey();
        return new Identity(own, sign(name, own, false, notAfter));
    }

    TlsMaterial server() {
        try {
            Identity server = identity("localhost");
            return new TlsMaterial(server.key().getPrivate(), List.of(server.certificate()), List.of(certificate));
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    public String pem() throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    TrustManagerFactory trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    static KeyManagerFactory keys(Identity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "device", identity.key().getPrivate(), PASSWORD, new X509Certificate[] {identity.certificate()});
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return factory;
    }

    /** The TLS of a client that shows a certificate. */
    public SSLContext client(Identity identity) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(identity).getKeyManagers(), trust().getTrustManagers(), null);
        return context;
    }

    /** The TLS of a client without a certificate. */
    public SSLContext client() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        return context;
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private X509Certificate sign(String name, KeyPair subject, boolean authority, Instant notAfter) throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Principal("CN=test authority"),
                BigInteger.valueOf(serial.getAndIncrement()),
                Date.from(Instant.now().minus(Duration.ofDays(2))),
                Date.from(notAfter),
                new X500Principal("CN=" + name),
                subject.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        GeneralName[] names = {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        };
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    }
}
