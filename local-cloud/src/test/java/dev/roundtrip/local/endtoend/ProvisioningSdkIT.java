package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket.PubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket.SubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.iot.iotidentity.IotIdentityV2Client;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateRequest;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingRequest;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingResponse;
import software.amazon.awssdk.iot.iotidentity.model.V2ErrorResponseException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.Certificate;
import software.amazon.awssdk.services.iot.model.CertificateStatus;
import software.amazon.awssdk.services.iot.model.CreateProvisioningClaimResponse;

/** Fleet provisioning, with the unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK. */
class ProvisioningSdkIT {
    private static final int PATIENCE = 20;

    private static final String TEMPLATE = """
            {"Parameters":{"SerialNumber":{"Type":"String"}},
             "Resources":{
               "thing":{"Type":"AWS::IoT::Thing","Properties":{
                 "ThingName":{"Fn::Join":["",["meter-",{"Ref":"SerialNumber"}]]},
                 "AttributePayload":{"serial":{"Ref":"SerialNumber"}},"ThingGroups":["meters"]}},
               "certificate":{"Type":"AWS::IoT::Certificate","Properties":{
                 "CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"Active"}},
               "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"meters"}}},
             "DeviceConfiguration":{"Interval":"60"}}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotClient control;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static CreateProvisioningClaimResponse claim;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        Credentials credentials = cloud.cloud()
                .state()
                .caller(
                        new UserName("alice"),
                        "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'iot:*','Resource':'*'}]}"
                                .replace('\'', '"'))
                .credentials();
        control = IotClient.builder()
                .endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(new JdkSdkClient())
                .build();
        var unusedGroup = control.createThingGroup(request -> request.thingGroupName("meters"));
        var unusedPolicy = control.createPolicy(request -> request.policyName("meters")
                .policyDocument("{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'iot:Connect',"
                        .concat("'Resource':'arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}'}]}")
                        .replace('\'', '"')));
        var unusedTemplate = control.createProvisioningTemplate(request -> request.templateName("fleet")
                .templateBody(TEMPLATE)
                .provisioningRoleArn("arn:aws:iam::000000000000:role/provisioning")
                .enabled(true));
        claim = control.createProvisioningClaim(request -> request.templateName("fleet"));
    }

    @AfterAll
    static void stop() {
        control.close();
        cloud.close();
    }

    enum Mqtt {
        FIVE,
        THREE
    }

    private static final class Lifecycle implements Mqtt5ClientOptions.LifecycleEvents {
        private final CompletableFuture<Boolean> connected = new CompletableFuture<>();

        @Override
        public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn attempt) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn success) {
            connected.complete(true);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn failure) {}

        @Override
        public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn end) {}

        @Override
        public void onStopped(Mqtt5Client client, OnStoppedReturn end) {}
    }

    private static Mqtt5Client client(String clientId, String certificate, String key) throws Exception {
        Lifecycle lifecycle = new Lifecycle();
        try (AwsIotMqtt5ClientBuilder builder =
                AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromMemory("127.0.0.1", certificate, key)) {
            Mqtt5Client client = builder.withCertificateAuthorityFromPath(
                            null, cloud.cloud().state().authorityFile().toString())
                    .withPort((long) cloud.broker().devicePort())
                    .withClientId(clientId)
                    .withLifeCycleEvents(lifecycle)
                    .build();
            client.start();
            lifecycle.connected.get(PATIENCE, TimeUnit.SECONDS);
            return client;
        }
    }

    private static void end(Mqtt5Client client) {
        client.stop();
        client.close();
    }

    /** The identity client of a device that has the claim, on a connection of its own. */
    private record Device(IotIdentityV2Client identity, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            identity.close();
            end.run();
        }
    }

    private static Device device(String clientId, Mqtt mqtt) throws Exception {
        MqttRequestResponseClientOptions options = MqttRequestResponseClientOptions.builder()
                .withMaxRequestResponseSubscriptions(4)
                .withMaxStreamingSubscriptions(4)
                .withOperationTimeoutSeconds(10)
                .build();
        return switch (mqtt) {
            case FIVE -> {
                Mqtt5Client client =
                        client(clientId, claim.certificatePem(), claim.keyPair().privateKey());
                yield new Device(IotIdentityV2Client.newFromMqtt5(client, options), () -> end(client));
            }
            case THREE -> three(clientId, options);
        };
    }

    private static Device three(String clientId, MqttRequestResponseClientOptions options) throws Exception {
        try (AwsIotMqttConnectionBuilder builder = AwsIotMqttConnectionBuilder.newMtlsBuilder(
                claim.certificatePem(), claim.keyPair().privateKey())) {
            MqttClientConnection connection = builder.withCertificateAuthorityFromPath(
                            null, cloud.cloud().state().authorityFile().toString())
                    .withEndpoint("127.0.0.1")
                    .withPort(cloud.broker().devicePort())
                    .withClientId(clientId)
                    .withCleanSession(true)
                    .build();
            var unused = connection.connect().get(PATIENCE, TimeUnit.SECONDS);
            return new Device(IotIdentityV2Client.newFromMqtt311(connection, options), () -> {
                var unusedEnd = connection.disconnect().join();
                connection.close();
            });
        }
    }

    /** What a device has after its certificate was made. */
    private record Made(String id, String pem, String key, String token) {}

    private static Made keys(Device device) throws Exception {
        var made = device.identity()
                .createKeysAndCertificate(new CreateKeysAndCertificateRequest())
                .get(PATIENCE, TimeUnit.SECONDS);
        return new Made(made.certificateId, made.certificatePem, made.privateKey, made.certificateOwnershipToken);
    }

    private static Made fromRequest(Device device) throws Exception {
        KeyPair keys = DeviceKeys.ellipticCurve();
        CreateCertificateFromCsrRequest request = new CreateCertificateFromCsrRequest();
        request.certificateSigningRequest = SigningRequest.of(new X500Principal("CN=meter"), keys);
        var made = device.identity().createCertificateFromCsr(request).get(PATIENCE, TimeUnit.SECONDS);
        return new Made(
                made.certificateId, made.certificatePem, Pem.of(keys.getPrivate()), made.certificateOwnershipToken);
    }

    private static RegisterThingRequest registration(String token, String serial) {
        RegisterThingRequest request = new RegisterThingRequest();
        request.templateName = "fleet";
        request.certificateOwnershipToken = token;
        request.parameters = new HashMap<>(Map.of("SerialNumber", serial));
        return request;
    }

    private static CertificateStatus status(String certificateId) {
        return control.describeCertificate(request -> request.certificateId(certificateId))
                .certificateDescription()
                .status();
    }

    @ParameterizedTest
    @CsvSource({"FIVE, true", "FIVE, false", "THREE, true", "THREE, false"})
    void device_is_provisioned_by_a_claim_and_connects_as_itself(Mqtt mqtt, boolean withKeys) throws Exception {
        String serial = mqtt + (withKeys ? "-keys" : "-csr");
        Made made;
        try (Device device = device("new-" + serial, mqtt)) {
            made = withKeys ? keys(device) : fromRequest(device);
            assertThat(status(made.id())).isEqualTo(CertificateStatus.PENDING_ACTIVATION);

            RegisterThingResponse registered = device.identity()
                    .registerThing(registration(made.token(), serial))
                    .get(PATIENCE, TimeUnit.SECONDS);

            assertThat(registered.thingName).isEqualTo("meter-" + serial);
            assertThat(registered.deviceConfiguration).isEqualTo(Map.of("Interval", "60"));
        }
        assertThat(status(made.id())).isEqualTo(CertificateStatus.ACTIVE);
        assertThat(control.describeThing(request -> request.thingName("meter-" + serial))
                        .attributes())
                .isEqualTo(Map.of("serial", serial));
        end(client("meter-" + serial, made.pem(), made.key()));
        assertThat(Objects.requireNonNull(cloud.cloud().journal()).entries(0, Integer.MAX_VALUE))
                .filteredOn(entry -> String.valueOf(entry.subject()).startsWith("$aws/certificates/"))
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.payload()).isNull());
    }

    @Test
    void wrong_requests_are_told_why() throws Exception {
        try (Device device = device("curious", Mqtt.FIVE)) {
            Made made = fromRequest(device);

            assertThatThrownBy(() -> device.identity()
                            .registerThing(registration("forged", "1"))
                            .get(PATIENCE, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(V2ErrorResponseException.class, refused -> {
                        assertThat(refused.getModeledError().statusCode).isEqualTo(400);
                        assertThat(refused.getModeledError().errorCode).isEqualTo("InvalidCertificateOwnershipToken");
                    });
            assertThatThrownBy(() -> device.identity()
                            .registerThing(registration(made.token(), "no/name"))
                            .get(PATIENCE, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            V2ErrorResponseException.class,
                            refused -> assertThat(refused.getModeledError().errorMessage)
                                    .contains("ThingName"));
            assertThatThrownBy(() -> device.identity()
                            .createCertificateFromCsr(new CreateCertificateFromCsrRequest())
                            .get(PATIENCE, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(V2ErrorResponseException.class);
        }
    }

    private static PubAckReasonCode publish(Mqtt5Client client, String topic) throws Exception {
        return Objects.requireNonNull(client.publish(
                                PublishPacket.of(topic, QOS.AT_LEAST_ONCE, "{}".getBytes(StandardCharsets.UTF_8)))
                        .get(PATIENCE, TimeUnit.SECONDS)
                        .getResultPubAck())
                .getReasonCode();
    }

    private static SubAckReasonCode subscribe(Mqtt5Client client, String filter) throws Exception {
        return client.subscribe(SubscribePacket.of(filter, QOS.AT_LEAST_ONCE))
                .get(PATIENCE, TimeUnit.SECONDS)
                .getReasonCodes()
                .getFirst();
    }

    @Test
    void claim_does_nothing_but_have_a_device_provisioned_with_its_template() throws Exception {
        Mqtt5Client client =
                client("thief", claim.certificatePem(), claim.keyPair().privateKey());
        try {
            for (String topic : List.of(
                    "meters/1",
                    "$aws/things/meter-1/shadow/update",
                    "$aws/provisioning-templates/other/provision/json")) {
                assertThat(publish(client, topic)).as(topic).isEqualTo(PubAckReasonCode.NOT_AUTHORIZED);
            }
            for (String filter :
                    List.of("#", "$aws/certificates/#", "$aws/provisioning-templates/+/provision/json/+")) {
                assertThat(subscribe(client, filter)).as(filter).isEqualTo(SubAckReasonCode.NOT_AUTHORIZED);
            }
        } finally {
            end(client);
        }
    }

    private static List<String> waiting() {
        return control.listCertificates().certificates().stream()
                .filter(certificate -> certificate.status() == CertificateStatus.PENDING_ACTIVATION)
                .map(Certificate::certificateId)
                .toList();
    }

    @Test
    void device_with_a_policy_for_itself_has_no_certificates_made() throws Exception {
        Thing pump = cloud.thing("pump");
        List<String> before = waiting();
        Mqtt5Client client = client(
                "pump",
                Files.readString(pump.files().certificate()),
                Files.readString(pump.files().privateKey()));
        try {
            for (String topic : List.of(
                    "$aws/certificates/create/json",
                    "$aws/certificates/create/cbor",
                    "$aws/certificates/create-from-csr/json",
                    "$aws/certificates/create-from-csr/cbor",
                    "$aws/provisioning-templates/fleet/provision/json",
                    "$aws/provisioning-templates/fleet/provision/cbor")) {
                assertThat(publish(client, topic)).as(topic).isEqualTo(PubAckReasonCode.NOT_AUTHORIZED);
                for (String end : List.of("/accepted", "/rejected")) {
                    assertThat(subscribe(client, topic + end)).isEqualTo(SubAckReasonCode.NOT_AUTHORIZED);
                }
            }
        } finally {
            end(client);
        }
        assertThat(waiting()).isEqualTo(before);
    }
}
