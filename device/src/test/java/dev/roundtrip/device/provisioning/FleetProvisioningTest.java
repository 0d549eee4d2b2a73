package dev.roundtrip.device.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.device.operation.CertificateRequest;
import dev.roundtrip.device.operation.IdentityFiles;
import dev.roundtrip.device.operation.RotateCertificate;
import dev.roundtrip.device.operation.RotationFailedException;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.device.update.Patience;
import dev.roundtrip.protocol.Target;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first start of a device, and power cuts in it. */
class FleetProvisioningTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Patience SHORT =
            new Patience(Duration.ofMillis(300), Duration.ofMillis(1), Duration.ofMillis(5), LONG);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path service;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path device;

    @SuppressWarnings("NullAway.Init") // set before each test
    private PlayedProvisioning played;

    @BeforeEach
    void play() throws Exception {
        played = new PlayedProvisioning(service);
    }

    private FleetProvisioning provisioning() {
        return provisioning(SHORT);
    }

    private FleetProvisioning provisioning(Patience patience) {
        Login claim = new Login(
                new Target("claim-1"),
                new Endpoint("localhost", 8883),
                new TlsFiles(Path.of("ca.pem"), Path.of("claim.pem"), Path.of("claim.key")));
        return new FleetProvisioning(
                claim,
                "pumps",
                device.resolve("identity"),
                Map.of("Serial", "7"),
                login -> played.connection(),
                patience);
    }

    private IdentityFiles files() {
        Path identity = device.resolve("identity");
        return new IdentityFiles(identity.resolve("certificate.pem"), identity.resolve("private.key"));
    }

    private void assertWhole(Provisioned provisioned) throws Exception {
        assertThat(provisioned.login().clientId()).isEqualTo(new Target(played.thingName));
        assertThat(provisioned.configuration()).isEqualTo(Map.of("site", "north"));
        assertThat(provisioned.login().tls())
                .isEqualTo(new TlsFiles(Path.of("ca.pem"), files().certificate(), files().key()));
        try (Stream<Path> all = Files.list(device.resolve("identity"))) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("certificate.pem", "private.key", "thing.json");
        }
        assertThat(belongs(Files.readString(files().key()), Files.readString(files().certificate())))
                .isTrue();
        assertThat(played.open).isZero();
    }

    private static boolean belongs(String key, String pem) throws Exception {
        String base64 = key.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PrivateKey secret = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(secret);
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update((byte) 1);
        return signature.verify(signed);
    }

    @Test
    void first_start_gets_an_identity_and_later_starts_find_it() throws Exception {
        assertWhole(provisioning().provision(LONG));
        assertWhole(provisioning().provision(LONG));

        assertThat(played.requests).containsExactly("create", "register");
        assertThat(played.parameters.path("Serial").asText()).isEqualTo("7");
        assertThat(played.filters)
                .containsExactly(
                        "$aws/certificates/create-from-csr/json/accepted",
                        "$aws/certificates/create-from-csr/json/rejected",
                        "$aws/provisioning-templates/pumps/provision/json/accepted",
                        "$aws/provisioning-templates/pumps/provision/json/rejected");
    }

    @Test
    void files_are_for_their_owner_alone() throws Exception {
        Provisioned provisioned = provisioning().provision(LONG);

        for (Path file : List.of(
                provisioned.login().tls().certificate(),
                provisioned.login().tls().key(),
                device.resolve("identity/thing.json"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void power_cut_before_an_answer_begins_again(int before) {
        for (int request = 0; request < before; request++) {
            played.faults.add("");
        }
        played.faults.add("dead");
        assertThatThrownBy(() -> provisioning().provision(LONG)).isInstanceOf(PlayedProvisioning.PowerCut.class);
        assertThat(files().certificate()).doesNotExist();
        assertThat(files().key()).doesNotExist();
        assertThat(device.resolve("identity/thing.json")).doesNotExist();

        assertThat(played.open).isZero();
        assertThatCode(() -> assertWhole(provisioning().provision(LONG))).doesNotThrowAnyException();
    }

    @Test
    void certificate_that_may_be_registered_is_registered_again_and_no_other_is_made() throws Exception {
        played.faults.addAll(List.of("", "dead"));
        assertThatThrownBy(() -> provisioning().provision(LONG)).isInstanceOf(PlayedProvisioning.PowerCut.class);

        assertWhole(provisioning().provision(LONG));

        assertThat(played.requests).containsExactly("create", "register", "register");
    }

    @Test
    void token_whose_time_is_over_begins_again_with_another_key() throws Exception {
        played.faults.addAll(List.of("", "dead", "400"));
        assertThatThrownBy(() -> provisioning().provision(LONG)).isInstanceOf(PlayedProvisioning.PowerCut.class);

        assertWhole(provisioning().provision(LONG));

        assertThat(played.requests).containsExactly("create", "register", "register", "create", "register");
    }

    @ParameterizedTest
    @ValueSource(strings = {"thing written", "marked", "key in its place"})
    void power_cut_after_the_registration_is_made_up_for_without_the_service(String cut) throws Exception {
        assertWhole(provisioning().provision(LONG));
        Files.move(files().certificate(), files().newCertificate());
        if (!cut.equals("key in its place")) {
            Files.move(files().key(), files().newKey());
        }
        if (!cut.equals("thing written")) {
            Files.writeString(device.resolve("identity/certificate.pem.adopting"), "");
        }
        played.requests.clear();

        assertWhole(provisioning().provision(LONG));

        assertThat(played.requests).isEmpty();
    }

    @Test
    void rotation_that_was_not_adopted_is_no_identity() throws Exception {
        Provisioned provisioned = provisioning().provision(LONG);
        String certificate = Files.readString(provisioned.login().tls().certificate());
        files().keepAside(CertificateRequest.of("pump-7"));
        files().keepAside("another certificate");

        assertThat(provisioning().provision(LONG)).isEqualTo(provisioned);

        assertThat(Files.readString(files().certificate())).isEqualTo(certificate);
    }

    @Test
    void silence_and_throttling_are_overcome() throws Exception {
        played.faults.addAll(List.of("silent", "", "silent", "429", "500"));

        assertWhole(provisioning().provision(LONG));

        assertThat(played.requests).containsExactly("create", "create", "register", "register", "register", "register");
    }

    @Test
    @Timeout(60)
    void silence_of_any_step_ends_with_the_time_and_the_next_start_goes_on() throws Exception {
        Patience longer = new Patience(Duration.ofHours(1), Duration.ofMillis(1), Duration.ofMillis(5), LONG);
        played.faults.addAll(List.of("", "silent"));

        assertThatThrownBy(() -> provisioning(longer).provision(Duration.ofSeconds(2)))
                .isInstanceOf(ProvisioningException.class);

        assertThat(played.open).isZero();
        assertWhole(provisioning().provision(LONG));
        assertThat(played.requests).containsExactly("create", "register", "register");
    }

    @Test
    void refusal_is_told_at_once_and_leaves_no_identity() {
        played.faults.addAll(List.of("", "403"));

        assertThatThrownBy(() -> provisioning().provision(LONG))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("RegisterThing is refused: Refused, because");

        assertThat(files().certificate()).doesNotExist();
        assertThat(played.requests).hasSize(2);
    }

    @Test
    void certificate_of_somebody_is_not_replaced() throws Exception {
        Files.createDirectories(device.resolve("identity"));
        Files.writeString(files().certificate(), "a certificate");

        assertThatThrownBy(() -> provisioning().provision(LONG))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("give an empty directory");
        assertThat(Files.readString(files().certificate())).isEqualTo("a certificate");
    }

    @Test
    void identity_that_lacks_a_file_is_told() throws Exception {
        Provisioned provisioned = provisioning().provision(LONG);
        Files.delete(provisioned.login().tls().key());

        assertThatThrownBy(() -> provisioning().provision(LONG))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("there is no new certificate and key");
    }

    @Test
    void names_are_checked() {
        played.thingName = "../pump";
        assertThatThrownBy(() -> provisioning().provision(LONG))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("whose name no device can have");
        Login claim = new Login(
                new Target("claim"),
                new Endpoint("localhost", 1),
                new TlsFiles(Path.of("a"), Path.of("b"), Path.of("c")));
        assertThatIllegalArgumentException().isThrownBy(() -> FleetProvisioning.by(claim, "a/b", device));
    }

    @Test
    void rotation_gets_another_certificate_by_the_same_claim() throws Exception {
        Provisioned provisioned = provisioning().provision(LONG);
        String before = Files.readString(provisioned.login().tls().certificate());
        var port = provisioning().rotation(() -> {});

        String certificate = port.issue(port.request());
        port.adopt();

        assertThat(certificate).isNotEqualTo(before);
        assertThat(played.requests).containsExactly("create", "register", "create", "register");
        assertWhole(provisioning().provision(LONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"403", "silent"})
    void rotation_that_fails_names_the_certificate_that_is_left_over(String fault) throws Exception {
        var unused = provisioning().provision(LONG);
        played.faults.addAll(List.of("", fault));
        var port = provisioning().rotation(() -> {});

        assertThatThrownBy(() -> port.issue(port.request()))
                .isInstanceOfSatisfying(
                        RotationFailedException.class,
                        failed -> assertThat(failed.certificateId()).matches("[0-9a-f]{64}"));
    }

    @Test
    void power_cut_during_the_registration_of_a_rotation_leaves_the_certificate_that_it_may_have_made()
            throws Exception {
        String before =
                Files.readString(provisioning().provision(LONG).login().tls().certificate());
        played.faults.addAll(List.of("", "dead"));
        var port = provisioning().rotation(() -> {});
        assertThatThrownBy(() -> port.issue(port.request())).isInstanceOf(PlayedProvisioning.PowerCut.class);

        assertThat(provisioning().rotation(() -> {}).leftOver())
                .matches("[0-9a-f]{64}")
                .isNotEqualTo(RotateCertificate.fingerprint(before));
    }

    @Test
    void rotation_that_nobody_signs_leaves_no_certificate_over() throws Exception {
        var unused = provisioning().provision(LONG);
        played.faults.add("403");
        var port = provisioning().rotation(() -> {});

        assertThatThrownBy(() -> port.issue(port.request()))
                .isInstanceOfSatisfying(
                        RotationFailedException.class,
                        failed -> assertThat(failed.certificateId()).isNull());
    }
}
