package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.users.Credentials;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPrivateKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.util.io.pem.PemReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.CertificateStateException;
import software.amazon.awssdk.services.iot.model.CertificateStatus;
import software.amazon.awssdk.services.iot.model.CreateKeysAndCertificateResponse;
import software.amazon.awssdk.services.iot.model.DeleteConflictException;
import software.amazon.awssdk.services.iot.model.InvalidRequestException;
import software.amazon.awssdk.services.iot.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iot.model.VersionConflictException;

/** The unmodified client of AWS's SDK for Java makes and changes what devices connect with. */
class RegistrySdkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String AS_ITSELF = """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"iot:Connect",
               "Resource":"arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}"},
              {"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/first"}]}
            """;

    private static final String ANYTHING = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private IotClient iot;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
        Credentials own = cloud.cloud().state().credentials();
        iot = IotClient.builder()
                .endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(own.accessKeyId(), own.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(new JdkSdkClient())
                .build();
    }

    @AfterEach
    void stop() {
        iot.close();
        cloud.close();
    }

    private static PrivateKey pkcs1(String pem) throws Exception {
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            RSAPrivateKey key = RSAPrivateKey.getInstance(reader.readPemObject().getContent());
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new RSAPrivateKeySpec(key.getModulus(), key.getPrivateExponent()));
        }
    }

    private Mqtt5BlockingClient device(String clientId, PrivateKey key, String certificate) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        X509Certificate leaf = Pem.certificate(certificate).orElseThrow();
        own.setKeyEntry("device", key, new char[0], new X509Certificate[] {leaf});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "authority",
                Pem.certificate(Files.readString(cloud.cloud().state().authorityFile()))
                        .orElseThrow());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(cloud.broker().devicePort())
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(keys)
                        .trustManagerFactory(trust)
                        .build())
                .buildBlocking();
    }

    private static void publish(Mqtt5BlockingClient device, String topic) {
        var unused =
                device.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
    }

    private static boolean mayPublish(Mqtt5BlockingClient device, String topic) {
        try {
            publish(device, topic);
            return true;
        } catch (Mqtt5PubAckException refused) {
            return false;
        }
    }

    private void attach(String policy, String document, String certificateArn) {
        iot.createPolicy(request -> request.policyName(policy).policyDocument(document));
        iot.attachPolicy(request -> request.policyName(policy).target(certificateArn));
    }

    @Test
    void policy_of_a_group_counts_after_a_restart() throws Exception {
        iot.createThing(request -> request.thingName("pump"));
        CreateKeysAndCertificateResponse made = iot.createKeysAndCertificate(request -> request.setAsActive(true));
        iot.attachThingPrincipal(request -> request.thingName("pump").principal(made.certificateArn()));
        String group =
                iot.createThingGroup(request -> request.thingGroupName("pumps")).thingGroupArn();
        iot.addThingToThingGroup(request -> request.thingGroupName("pumps").thingName("pump"));
        attach("as-itself", AS_ITSELF, group);
        stop();
        start();

        Mqtt5BlockingClient device = device("pump", pkcs1(made.keyPair().privateKey()), made.certificatePem());
        device.connect();

        publish(device, "first");
        assertThat(mayPublish(device, "second")).isFalse();
        device.disconnect();
    }

    @Test
    void thing_is_made_connects_is_changed_under_its_connection_and_is_deleted() throws Exception {
        iot.createThing(request -> request.thingName("pump"));
        CreateKeysAndCertificateResponse made = iot.createKeysAndCertificate(request -> request.setAsActive(true));
        String arn = made.certificateArn();
        attach("as-itself", AS_ITSELF, arn);
        iot.attachThingPrincipal(request -> request.thingName("pump").principal(arn));
        Mqtt5BlockingClient device = device("pump", pkcs1(made.keyPair().privateKey()), made.certificatePem());

        device.connect();
        publish(device, "first");
        assertThat(mayPublish(device, "second")).isFalse();
        iot.createPolicyVersion(request -> request.policyName("as-itself")
                .setAsDefault(true)
                .policyDocument(AS_ITSELF.replace("first", "second")));
        assertThat(mayPublish(device, "first")).isFalse();
        publish(device, "second");
        iot.setDefaultPolicyVersion(request -> request.policyName("as-itself").policyVersionId("1"));
        publish(device, "first");
        iot.updateCertificate(
                request -> request.certificateId(made.certificateId()).newStatus(CertificateStatus.INACTIVE));
        await().atMost(PATIENCE).until(() -> device.getState() == MqttClientState.DISCONNECTED);
        assertThatThrownBy(device::connect).isInstanceOf(RuntimeException.class);

        assertThatThrownBy(() -> iot.deletePolicy(request -> request.policyName("as-itself")))
                .isInstanceOf(DeleteConflictException.class);
        assertThatThrownBy(() -> iot.deleteCertificate(request -> request.certificateId(made.certificateId())))
                .isInstanceOf(DeleteConflictException.class);
        assertThatThrownBy(() -> iot.deleteThing(request -> request.thingName("pump")))
                .isInstanceOf(InvalidRequestException.class);
        iot.detachThingPrincipal(request -> request.thingName("pump").principal(arn));
        iot.detachPolicy(request -> request.policyName("as-itself").target(arn));
        iot.deletePolicyVersion(request -> request.policyName("as-itself").policyVersionId("2"));
        iot.deletePolicy(request -> request.policyName("as-itself"));
        iot.deleteCertificate(request -> request.certificateId(made.certificateId()));
        iot.deleteThing(request -> request.thingName("pump"));
        assertThat(iot.listThings().things()).isEmpty();
        assertThat(iot.listCertificates().certificates()).isEmpty();
        assertThat(iot.listPolicies().policies()).isEmpty();
    }

    @Test
    void certificate_without_policies_may_do_nothing_and_several_policies_count_together() throws Exception {
        KeyPair keys = DeviceKeys.ellipticCurve();
        var made = iot.createCertificateFromCsr(request -> request.setAsActive(true)
                .certificateSigningRequest(SigningRequest.of(new X500Principal("CN=any"), keys)));
        Mqtt5BlockingClient device = device("any", keys.getPrivate(), made.certificatePem());

        assertThatThrownBy(device::connect).isInstanceOf(RuntimeException.class);
        attach("all", ANYTHING, made.certificateArn());
        device.connect();
        publish(device, "secret");
        attach(
                "deny",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"iot:Publish\","
                        + "\"Resource\":\"arn:aws:iot:*:*:topic/secret\"}]}",
                made.certificateArn());

        assertThat(mayPublish(device, "secret")).isFalse();
        assertThat(mayPublish(device, "open")).isTrue();
        iot.detachPolicy(request -> request.policyName("deny").target(made.certificateArn()));
        assertThat(mayPublish(device, "secret")).isTrue();
        device.disconnect();
    }

    @Test
    void variable_of_the_thing_counts_while_the_thing_is_attached() throws Exception {
        KeyPair keys = DeviceKeys.ellipticCurve();
        var made = iot.createCertificateFromCsr(request -> request.setAsActive(true)
                .certificateSigningRequest(SigningRequest.of(new X500Principal("CN=any"), keys)));
        attach("as-itself", AS_ITSELF, made.certificateArn());
        iot.createThing(request -> request.thingName("pump"));

        assertThatThrownBy(device("pump", keys.getPrivate(), made.certificatePem())::connect)
                .isInstanceOf(RuntimeException.class);
        iot.attachThingPrincipal(request -> request.thingName("pump").principal(made.certificateArn()));
        assertThatThrownBy(device("valve", keys.getPrivate(), made.certificatePem())::connect)
                .isInstanceOf(RuntimeException.class);
        Mqtt5BlockingClient device = device("pump", keys.getPrivate(), made.certificatePem());

        device.connect();
        device.disconnect();
    }

    @Test
    void certificate_of_a_foreign_authority_connects_once_it_is_registered_and_active() throws Exception {
        KeyPair keys = DeviceKeys.ellipticCurve();
        String pem = Pem.of(Authority.inMemory(Instant.now()).certify(new X500Principal("CN=far"), keys.getPublic()));
        Mqtt5BlockingClient device = device("far", keys.getPrivate(), pem);

        assertThatThrownBy(device::connect).isInstanceOf(RuntimeException.class);
        var registered = iot.registerCertificateWithoutCA(request -> request.certificatePem(pem));
        attach("all", ANYTHING, registered.certificateArn());
        assertThatThrownBy(device::connect).isInstanceOf(RuntimeException.class);
        iot.updateCertificate(
                request -> request.certificateId(registered.certificateId()).newStatus(CertificateStatus.ACTIVE));

        device.connect();
        iot.updateCertificate(
                request -> request.certificateId(registered.certificateId()).newStatus(CertificateStatus.REVOKED));
        await().atMost(PATIENCE).until(() -> device.getState() == MqttClientState.DISCONNECTED);
    }

    @Test
    void errors_are_those_of_the_model() {
        iot.createThing(request -> request.thingName("pump"));
        var made = iot.createKeysAndCertificate(request -> request.setAsActive(true));

        assertThatThrownBy(() -> iot.createThing(request ->
                        request.thingName("pump").attributePayload(payload -> payload.attributes(Map.of("a", "b")))))
                .isInstanceOfSatisfying(
                        ResourceAlreadyExistsException.class,
                        exists -> assertThat(exists.resourceArn()).endsWith(":thing/pump"));
        assertThatThrownBy(() -> iot.describeThing(request -> request.thingName("none")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> iot.updateThing(
                        request -> request.thingName("pump").thingTypeName("t").expectedVersion(9L)))
                .isInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() -> iot.deleteCertificate(request -> request.certificateId(made.certificateId())))
                .isInstanceOf(CertificateStateException.class);
    }

    @Test
    void thing_is_there_for_operations_as_soon_as_its_files_are_made() throws Exception {
        for (int made = 0; made < 10; made++) {
            String name = "fresh-" + made;
            var unused = cloud.thing(name);

            assertThat(iot.describeThing(request -> request.thingName(name)).thingName())
                    .isEqualTo(name);
        }
    }

    @Test
    void thing_with_files_is_listed_and_changed_and_its_files_say_the_same() throws Exception {
        Thing pump = cloud.thing("pump");

        iot.updateThing(request ->
                request.thingName("pump").attributePayload(payload -> payload.attributes(Map.of("room", "cellar"))));
        iot.updateCertificate(
                request -> request.certificateId(pump.certificateId().value()).newStatus(CertificateStatus.INACTIVE));

        String file = Files.readString(pump.files().thing());
        assertThat(file).contains("\"room\" : \"cellar\"", "\"certificateStatus\" : \"INACTIVE\"");
        cloud.edit(pump.files().thing(), text -> text.replace("cellar", "attic"));
        assertThat(iot.describeThing(request -> request.thingName("pump")).attributes())
                .containsEntry("room", "attic");
        String arn = iot.listThingPrincipals(request -> request.thingName("pump"))
                .principals()
                .getFirst();
        assertThat(iot.listAttachedPolicies(request -> request.target(arn)).policies())
                .singleElement()
                .satisfies(policy -> assertThat(policy.policyName()).isEqualTo("pump.file"));
        iot.detachThingPrincipal(request -> request.thingName("pump").principal(arn));
        iot.deleteThing(request -> request.thingName("pump"));
        assertThat(pump.files().directory()).doesNotExist();
    }

    @Test
    void file_that_does_not_parse_changes_nothing_and_is_told() throws Exception {
        Thing pump = cloud.thing("pump");
        iot.createThingType(request -> request.thingTypeName("pumps"));
        iot.updateThing(request -> request.thingName("pump").thingTypeName("pumps"));

        cloud.edit(pump.files().policy(), text -> "{");

        assertThat(iot.describeThing(request -> request.thingName("pump")).thingTypeName())
                .isEqualTo("pumps");
        assertThat(iot.describeCertificate(request ->
                                request.certificateId(pump.certificateId().value()))
                        .certificateDescription()
                        .status())
                .isEqualTo(CertificateStatus.ACTIVE);
        assertThat(cloud.log()).anyMatch(line -> line.contains("policy.json"));
    }
}
