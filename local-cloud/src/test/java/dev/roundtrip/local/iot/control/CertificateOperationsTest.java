package dev.roundtrip.local.iot.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import java.io.IOException;
import java.io.StringReader;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.util.io.pem.PemReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates from their making to their end, over HTTPS. */
class CertificateOperationsTest {
    private static final String NOBODY = "0".repeat(64);

    private final TestControlPlane test = new TestControlPlane();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private static String body(String name, String value) {
        return new JsonMapper().createObjectNode().put(name, value).toString();
    }

    private JsonNode describe(String id) {
        return test.ask("GET", "/certificates/" + id, "").body().path("certificateDescription");
    }

    private String fromRequest(String query) {
        String csr = SigningRequest.of(new X500Principal("CN=pump"), DeviceKeys.ellipticCurve());
        Answer made = test.ask("POST", "/certificates" + query, body("certificateSigningRequest", csr));
        assertThat(made.status()).isEqualTo(200);
        return made.body().path("certificateId").asText();
    }

    /** A certificate of an authority that nobody here knows. */
    private static X509Certificate foreign() {
        return Authority.inMemory(Instant.now())
                .certify(new X500Principal("CN=far"), DeviceKeys.ellipticCurve().getPublic());
    }

    @Test
    void certificate_is_made_with_an_rsa_key_that_fits_it() throws Exception {
        Answer made = test.ask("POST", "/keys-and-certificate?setAsActive=true", "");

        X509Certificate certificate =
                Pem.certificate(made.body().path("certificatePem").asText()).orElseThrow();
        String id = made.body().path("certificateId").asText();
        assertThat(id).isEqualTo(CertificateId.of(certificate).value());
        assertThat(made.body().path("certificateArn").asText())
                .isEqualTo("arn:aws:iot:us-east-1:000000000000:cert/" + id);
        certificate.verify(test.authority.certificate().getPublicKey());
        String pem = made.body().path("keyPair").path("PrivateKey").asText();
        assertThat(pem).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(made.body().path("keyPair").path("PublicKey").asText()).startsWith("-----BEGIN PUBLIC KEY-----");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pkcs1(pem));
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        assertThat(signature.verify(signed)).isTrue();
        assertThat(describe(id).path("status").asText()).isEqualTo("ACTIVE");
        assertThat(describe(id).path("validity").path("notAfter").asDouble()).isGreaterThan(1.0e9);
    }

    private static PrivateKey pkcs1(String pem) throws Exception {
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            RSAPrivateKey key = RSAPrivateKey.getInstance(reader.readPemObject().getContent());
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new java.security.spec.RSAPrivateKeySpec(key.getModulus(), key.getPrivateExponent()));
        }
    }

    @Test
    void certificate_is_inactive_unless_it_is_set_active() {
        assertThat(describe(fromRequest("")).path("status").asText()).isEqualTo("INACTIVE");
        assertThat(describe(fromRequest("?setAsActive=true")).path("status").asText())
                .isEqualTo("ACTIVE");
    }

    @Test
    void certificate_from_a_request_has_its_subject_and_key() throws Exception {
        JsonNode described = describe(fromRequest(""));

        X509Certificate certificate =
                Pem.certificate(described.path("certificatePem").asText()).orElseThrow();
        assertThat(certificate.getSubjectX500Principal()).isEqualTo(new X500Principal("CN=pump"));
        assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", "-----BEGIN"
            })
    void request_that_cannot_be_read_is_refused(String csr) {
        Answer answer = test.ask("POST", "/certificates", body("certificateSigningRequest", csr));

        assertThat(answer.error()).isEqualTo("InvalidRequestException");
    }

    @Test
    void certificate_of_a_foreign_authority_is_registered_once() {
        String registration = body("certificatePem", Pem.of(foreign()));

        Answer first = test.ask("POST", "/certificate/register-no-ca", registration);
        Answer again = test.ask("POST", "/certificate/register-no-ca", registration);
        Answer none = test.ask("POST", "/certificate/register-no-ca", body("certificatePem", "x"));

        assertThat(first.status()).isEqualTo(200);
        String id = first.body().path("certificateId").asText();
        assertThat(describe(id).path("status").asText()).isEqualTo("INACTIVE");
        assertThat(describe(id).path("certificateMode").asText()).isEqualTo("SNI_ONLY");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.error()).isEqualTo("ResourceAlreadyExistsException");
        assertThat(again.body().path("resourceArn")).isEqualTo(first.body().path("certificateArn"));
        assertThat(none.error()).isEqualTo("CertificateValidationException");
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, 200",
        "INACTIVE, 200",
        "REVOKED, 200",
        "PENDING_TRANSFER, 406",
        "PENDING_ACTIVATION, 406",
        "REGISTER_INACTIVE, 406",
        "BROKEN, 400"
    })
    void status_is_set_where_it_can_be(String status, int expected) {
        String id = fromRequest("");

        assertThat(test.ask("PUT", "/certificates/" + id + "?newStatus=" + status, "")
                        .status())
                .isEqualTo(expected);

        assertThat(describe(id).path("status").asText()).isEqualTo(expected == 200 ? status : "INACTIVE");
    }

    @Test
    void active_certificate_is_not_deleted() {
        String id = fromRequest("?setAsActive=true");

        Answer active = test.ask("DELETE", "/certificates/" + id, "");
        test.ask("PUT", "/certificates/" + id + "?newStatus=INACTIVE", "");
        Answer inactive = test.ask("DELETE", "/certificates/" + id, "");

        assertThat(active.status()).isEqualTo(406);
        assertThat(active.error()).isEqualTo("CertificateStateException");
        assertThat(inactive.status()).isEqualTo(200);
        assertThat(test.ask("GET", "/certificates/" + id, "").error()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void certificate_that_is_not_there_is_not_found() {
        assertThat(test.ask("GET", "/certificates/" + NOBODY, "").status()).isEqualTo(404);
        assertThat(test.ask("PUT", "/certificates/" + NOBODY + "?newStatus=ACTIVE", "")
                        .status())
                .isEqualTo(404);
        assertThat(test.ask("DELETE", "/certificates/" + NOBODY, "").status()).isEqualTo(404);
    }

    @Test
    void certificates_are_listed_in_pages() {
        Set<String> made =
                Stream.generate(() -> fromRequest("")).limit(3).collect(Collectors.toCollection(HashSet::new));

        Answer first = test.ask("GET", "/certificates?pageSize=2", "");
        Answer second = test.ask(
                "GET",
                "/certificates?pageSize=2&marker="
                        + first.body().path("nextMarker").asText(),
                "");

        Set<String> listed = new HashSet<>();
        first.body()
                .path("certificates")
                .forEach(one -> listed.add(one.path("certificateId").asText()));
        assertThat(listed).hasSize(2);
        second.body()
                .path("certificates")
                .forEach(one -> listed.add(one.path("certificateId").asText()));
        assertThat(listed).isEqualTo(made);
        assertThat(second.body().has("nextMarker")).isFalse();
    }
}
