package dev.roundtrip.local.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes X.509 certificates with fresh keys on the curve P-256. */
public final class Certificates {
    /** Clocks on one machine may still differ, in a container or a virtual machine. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    /** RFC 5280, 4.1.2.2: positive, at most 20 octets. */
    private static final int SERIAL_BITS = 159;

    /** RFC 5280, appendix A.1, ub-common-name. */
    private static final int COMMON_NAME_LENGTH = 64;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Certificates() {}

    /** An authority that signs itself, and no authority below it. */
    static TlsIdentity authority(String name, Instant now, Duration validity) {
        KeyPair keys = keyPair();
        X500Name subject = commonName(name);
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(subject, subject, new Period(now, now.plus(validity)), keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new TlsIdentity(keys.getPrivate(), List.of(sign(builder, keys.getPrivate())));
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A certificate for a server that is reached by the given names. */
    static TlsIdentity server(TlsIdentity authority, GeneralNames names, Instant now, Duration validity) {
        return issue(authority, new Leaf(commonName("localhost"), KeyPurposeId.id_kp_serverAuth, names), now, validity);
    }

    /** A certificate for a client. */
    static TlsIdentity client(TlsIdentity authority, String name, Instant now, Duration validity) {
        return issue(
                authority,
                new Leaf(commonName(name), KeyPurposeId.id_kp_clientAuth, new GeneralNames(new GeneralName[0])),
                now,
                validity);
    }

    /** A certificate for a client that has a key of its own.
     *
     * @param subject in DER
     */
    static X509Certificate client(
            TlsIdentity authority, byte[] subject, PublicKey key, Instant now, Duration validity) {
        Leaf leaf = new Leaf(
                X500Name.getInstance(subject), KeyPurposeId.id_kp_clientAuth, new GeneralNames(new GeneralName[0]));
        return certify(authority, leaf, key, now, validity);
    }

    /** Who is to be certified, and for what. */
    private record Leaf(X500Name subject, KeyPurposeId purpose, GeneralNames names) {}

    /** From when to when; the start is moved back by {@link #CLOCK_TOLERANCE}. */
    private record Period(Instant from, Instant to) {}

    private static TlsIdentity issue(TlsIdentity authority, Leaf leaf, Instant now, Duration validity) {
        KeyPair keys = keyPair();
        return new TlsIdentity(keys.getPrivate(), List.of(certify(authority, leaf, keys.getPublic(), now, validity)));
    }

    private static X509Certificate certify(
            TlsIdentity authority, Leaf leaf, PublicKey key, Instant now, Duration validity) {
        Instant wanted = now.plus(validity);
        Instant latest = authority.certificate().getNotAfter().toInstant();
        Period period = new Period(now, wanted.isBefore(latest) ? wanted : latest);
        try {
            X500Name issuer = new JcaX509CertificateHolder(authority.certificate()).getSubject();
            JcaX509v3CertificateBuilder builder = builder(issuer, leaf.subject(), period, key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(leaf.purpose()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(
                                    authority.certificate().getPublicKey()));
            if (leaf.names().getNames().length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, leaf.names());
            }
            return sign(builder, authority.key());
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("JavaUtilDate") // The builder knows no other.
    private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, Period period, PublicKey key)
            throws CertIOException, GeneralSecurityException {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(0),
                Date.from(period.from().minus(CLOCK_TOLERANCE)),
                Date.from(period.to()),
                subject,
                key);
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        return builder;
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    /** A common name; one that is longer than a common name may be is spread over several, in its order. */
    private static X500Name commonName(String name) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        for (int start = 0; start < name.length(); start += COMMON_NAME_LENGTH) {
            builder.addRDN(BCStyle.CN, name.substring(start, Math.min(start + COMMON_NAME_LENGTH, name.length())));
        }
        return builder.build();
    }

    /** A subject with a common name of any length, which {@link #commonName(X509Certificate)} reads again. */
    public static X500Principal subject(String commonName) {
        try {
            return new X500Principal(commonName(commonName).getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The name that the subject of a certificate made here has. */
    public static String commonName(X509Certificate certificate) {
        return Arrays.stream(X500Name.getInstance(
                                certificate.getSubjectX500Principal().getEncoded())
                        .getRDNs(BCStyle.CN))
                .map(part -> text(part.getFirst().getValue()))
                .collect(Collectors.joining());
    }

    /** An attribute of a name as it is, nothing escaped. */
    public static String text(ASN1Encodable value) {
        return value instanceof ASN1String string ? string.getString() : IETFUtils.valueToString(value);
    }

    static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
