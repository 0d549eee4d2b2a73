package dev.roundtrip.local.keys;

import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/** The certificate authority of one state directory. It signs the servers' certificate and those of the things.
 * Immutable and thread-safe.
 */
public final class Authority {
    private static final Duration VALIDITY = Duration.ofDays(20 * 365);
    private static final Duration THING_VALIDITY = Duration.ofDays(10 * 365);

    /** Apple's systems refuse server certificates that are valid for longer than 825 days; source: Apple support
     * article HT210176.
     */
    private static final Duration SERVER_VALIDITY = Duration.ofDays(820);

    private static final Duration SERVER_RENEWAL = Duration.ofDays(30);

    private final TlsIdentity identity;

    private Authority(TlsIdentity identity) {
        this.identity = identity;
    }

    /** An authority that is kept nowhere. */
    public static Authority inMemory(Instant now) {
        return new Authority(Certificates.authority("Roundtrip local authority " + UUID.randomUUID(), now, VALIDITY));
    }

    /** Reads the authority from its file, or makes a new one with a name of its own.
     *
     * @throws StateException when the file cannot be read or the authority is not valid now: a new one in its place
     *     would leave every thing with a worthless certificate, so that is left to the owner
     */
    public static Authority openOrCreate(Path file, Instant now) throws StateException {
        Optional<String> text = PrivateFiles.read(file);
        if (text.isEmpty()) {
            String name = "Roundtrip local authority " + UUID.randomUUID();
            TlsIdentity created = Certificates.authority(name, now, VALIDITY);
            PrivateFiles.write(file, Pem.of(created));
            return new Authority(created);
        }
        TlsIdentity found = Pem.identity(file, text.get());
        if (now.isAfter(found.certificate().getNotAfter().toInstant())) {
            throw new StateException("the authority in " + file + " expired at "
                    + found.certificate().getNotAfter().toInstant()
                    + ": delete the state directory, and provision the things again");
        }
        return new Authority(found);
    }

    /** What clients and servers of the local cloud trust. */
    public X509Certificate certificate() {
        return identity.certificate();
    }

    TlsIdentity issueServer(GeneralNames names, Instant now) {
        return Certificates.server(identity, names, now, SERVER_VALIDITY);
    }

    public TlsIdentity issueThing(Target name, Instant now) {
        return Certificates.client(identity, name.value(), now, THING_VALIDITY);
    }

    /** Certifies a device that has a key of its own, from now by the system's clock: TLS judges certificates by that
     * one.
     *
     * @param subject the name in the certificate
     */
    public X509Certificate certify(X500Principal subject, PublicKey key) {
        return certify(subject, key, THING_VALIDITY);
    }

    /** The same, valid for so long. */
    public X509Certificate certify(X500Principal subject, PublicKey key, Duration validity) {
        Instant now = InstantSource.system().instant();
        return Certificates.client(identity, subject.getEncoded(), key, now, validity);
    }

    /** Whether a server's certificate is ours, has these names, and will be valid for a while. */
    boolean isGoodServer(X509Certificate server, GeneralNames names, Instant now) {
        try {
            server.verify(certificate().getPublicKey());
            GeneralNames found = GeneralNames.fromExtensions(
                    new JcaX509CertificateHolder(server).getExtensions(), Extension.subjectAlternativeName);
            return names.equals(found)
                    && !now.isBefore(server.getNotBefore().toInstant())
                    && now.plus(SERVER_RENEWAL).isBefore(server.getNotAfter().toInstant());
        } catch (GeneralSecurityException notOurs) {
            return false;
        }
    }
}
