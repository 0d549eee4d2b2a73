package dev.roundtrip.simulator;

import dev.roundtrip.device.transport.TlsFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority made for one test, a server certificate for 127.0.0.1 and localhost, and certificates for devices. */
final class TestCertificates {
    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

    private final Path directory;
    private final X500Name issuer;
    private final KeyPair authorityKey;
    private final Path authority;
    private final Identity server;

    /** A certificate and its key, as PEM files. */
    record Identity(Path certificate, Path key) {}

    TestCertificates(Path directory, String name) {
        try {
            this.directory = Files.createDirectories(directory);
            this.issuer = new X500Name("CN=" + name);
            this.authorityKey = keyPair();
            this.authority = directory.resolve("ca.pem");
            Files.writeString(authority, pem(certificate("CN=" + name, authorityKey, true)));
            this.server = issue("localhost");
        } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Path authority() {
        return authority;
    }

    Identity server() {
        return server;
    }

    /** The files of a device of that name, made on the first request. */
    TlsFiles device(String name) {
        Identity identity = issue(name);
        return new TlsFiles(authority, identity.certificate(), identity.key());
    }

    Identity issue(String name) {
        Identity identity = new Identity(directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
        if (Files.exists(identity.key())) {
            return identity;
        }
        try {
            KeyPair key = keyPair();
            Files.writeString(identity.certificate(), pem(certificate("CN=" + name, key, false)));
            Files.writeString(identity.key(), pem(new JcaPKCS8Generator(key.getPrivate(), null)));
            return identity;
        } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509CertificateHolder certificate(String subject, KeyPair key, boolean isAuthority)
            throws OperatorCreationException, CertIOException {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.valueOf(SERIAL.incrementAndGet()),
                        Date.from(now.minus(1, ChronoUnit.HOURS)),
                        Date.from(now.plus(1, ChronoUnit.HOURS)),
                        new X500Name(subject),
                        key.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate()));
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String pem(Object content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return text.toString();
    }
}
