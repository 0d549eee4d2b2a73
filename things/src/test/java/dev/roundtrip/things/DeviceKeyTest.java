package dev.roundtrip.things;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.Base64;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "thing_0", "an:odd-name_1234567890123456789012345678901234567890123456789012"})
    void request_is_read_by_another_library_and_is_signed_with_the_key(String name) throws Exception {
        DeviceKey key = DeviceKey.generate();

        PKCS10CertificationRequest request = read(key.signingRequest(name));

        assertThat(request.getSubject()).hasToString("CN=" + name);
        assertThat(request.isSignatureValid(
                        new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo())))
                .isTrue();
        assertThat(Base64.getEncoder()
                        .encodeToString(request.getSubjectPublicKeyInfo().getEncoded()))
                .isEqualTo(key.publicText());
    }

    @Test
    void name_that_is_too_long_for_a_certificate_is_cut() throws Exception {
        PKCS10CertificationRequest request = read(DeviceKey.generate().signingRequest("n".repeat(128)));

        assertThat(request.getSubject()).hasToString("CN=" + "n".repeat(64));
    }

    @Test
    void key_that_was_kept_is_the_same() throws Exception {
        DeviceKey key = DeviceKey.generate();

        DeviceKey kept = DeviceKey.of(key.privatePem(), key.publicText());

        assertThat(kept.privatePem()).isEqualTo(key.privatePem());
        assertThat(read(kept.signingRequest("a"))
                        .isSignatureValid(new JcaContentVerifierProviderBuilder()
                                .build(read(key.signingRequest("a")).getSubjectPublicKeyInfo())))
                .isTrue();
    }

    @Test
    void text_that_is_no_key_is_refused() {
        assertThatThrownBy(() -> DeviceKey.of("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DeviceKey.of("no key", "")).isInstanceOf(IllegalArgumentException.class);
    }

    private static PKCS10CertificationRequest read(String pem) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return (PKCS10CertificationRequest) parser.readObject();
        }
    }
}
