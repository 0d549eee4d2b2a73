package dev.roundtrip.local.iot.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyType;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateVariablesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iot:Certificate.Subject.CommonName | dev,1",
                "iot:Certificate.Subject.Country | DE",
                "iot:Certificate.Subject.OrganizationalUnit | first",
                "iot:Certificate.Subject.OrganizationalUnit.1 | second",
                "iot:Certificate.Issuer.Organization | Maker",
                "iot:Certificate.SerialNumber | ff",
            })
    void a_policy_reads_what_the_certificate_says(String name, String value) throws Exception {
        X509Certificate certificate = certificate("CN=dev\\,1,C=DE,OU=first,OU=second", "O=Maker,CN=x");
        Policy policy = Policy.parse(
                PolicyType.IOT,
                ("{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'*','Resource':'*',"
                                + "'Condition':{'StringEquals':{'%s':'%s'}}}}")
                        .formatted(name, value)
                        .replace('\'', '"'));

        BoundPolicies policies = BoundPolicies.of(List.of(policy), CertificateVariables.of(certificate));

        assertThat(policies.allows("iot:Connect", "*")).isTrue();
    }

    @SuppressWarnings("JavaUtilDate") // The builder knows no other.
    private static X509Certificate certificate(String subject, String issuer) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                new X500Name(issuer),
                                BigInteger.valueOf(255),
                                Date.from(now),
                                Date.from(now.plus(Duration.ofDays(1))),
                                new X500Name(subject),
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }
}
