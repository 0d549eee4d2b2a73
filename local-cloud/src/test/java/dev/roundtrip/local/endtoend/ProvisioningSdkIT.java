package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.SdkClients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.endtoend.SdkClients.Device;
import dev.roundtrip.local.endtoend.SdkClients.Login;
import dev.roundtrip.local.endtoend.SdkClients.Mqtt;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket.PubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket.SubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.iot.iotidentity.IotIdentityV2Client;
import software.amazon.awssdk.iot.iotidentity.model.CreateCertificateFromCsrRequest;
import software.amazon.awssdk.iot.iotidentity.model.CreateKeysAndCertificateRequest;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingRequest;
import software.amazon.awssdk.iot.iotidentity.model.RegisterThingResponse;
import software.amazon.awssdk.iot.iotidentity.model.V2ErrorResponseException;
import software.amazon.awssdk.services.iot.model.Certificate;
import software.amazon.awssdk.services.iot.model.CertificateStatus;
import software.amazon.awssdk.services.iot.model.CreateProvisioningClaimResponse;

/** Fleet provisioning, with the unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK. */
class ProvisioningSdkIT extends SdkTests {
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

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static CreateProvisioningClaimResponse claim;

    @BeforeAll
    static void makeClaim() {
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

    private static Login claimed(String clientId) {
        return new Login(clientId, claim.certificatePem(), claim.keyPair().privateKey());
    }

    /** The identity client of a device that has the claim, on a connection of its own. */
    private static Device<IotIdentityV2Client> device(String clientId, Mqtt mqtt) throws Exception {
        return clients.device(
                claimed(clientId),
                mqtt,
                new SdkClients.Service<>(IotIdentityV2Client::newFromMqtt5, IotIdentityV2Client::newFromMqtt311));
    }

    /** What a device has after its certificate was made. */
    private record Made(String id, String pem, String key, String token) {}

    private static Made keys(Device<IotIdentityV2Client> device) throws Exception {
        var made = device.client()
                .createKeysAndCertificate(new CreateKeysAndCertificateRequest())
                .get(PATIENCE, TimeUnit.SECONDS);
        return new Made(made.certificateId, made.certificatePem, made.privateKey, made.certificateOwnershipToken);
    }

    private static Made fromRequest(Device<IotIdentityV2Client> device) throws Exception {
        KeyPair keys = DeviceKeys.ellipticCurve();
        CreateCertificateFromCsrRequest request = new CreateCertificateFromCsrRequest();
        request.certificateSigningRequest = SigningRequest.of(new X500Principal("CN=meter"), keys);
        var made = device.client().createCertificateFromCsr(request).get(PATIENCE, TimeUnit.SECONDS);
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
        try (Device<IotIdentityV2Client> device = device("new-" + serial, mqtt)) {
            made = withKeys ? keys(device) : fromRequest(device);
            assertThat(status(made.id())).isEqualTo(CertificateStatus.PENDING_ACTIVATION);

            RegisterThingResponse registered = device.client()
                    .registerThing(registration(made.token(), serial))
                    .get(PATIENCE, TimeUnit.SECONDS);

            assertThat(registered.thingName).isEqualTo("meter-" + serial);
            assertThat(registered.deviceConfiguration).isEqualTo(Map.of("Interval", "60"));
        }
        assertThat(status(made.id())).isEqualTo(CertificateStatus.ACTIVE);
        assertThat(control.describeThing(request -> request.thingName("meter-" + serial))
                        .attributes())
                .isEqualTo(Map.of("serial", serial));
        SdkClients.end(clients.five(new Login("meter-" + serial, made.pem(), made.key())));
        assertThat(Objects.requireNonNull(cloud.cloud().journal()).entries(0, Integer.MAX_VALUE))
                .filteredOn(entry -> String.valueOf(entry.subject()).startsWith("$aws/certificates/"))
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.payload()).isNull());
    }

    @Test
    void wrong_requests_are_told_why() throws Exception {
        try (Device<IotIdentityV2Client> device = device("curious", Mqtt.FIVE)) {
            Made made = fromRequest(device);

            assertThatThrownBy(() -> device.client()
                            .registerThing(registration("forged", "1"))
                            .get(PATIENCE, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(V2ErrorResponseException.class, refused -> {
                        assertThat(refused.getModeledError().statusCode).isEqualTo(400);
                        assertThat(refused.getModeledError().errorCode).isEqualTo("InvalidCertificateOwnershipToken");
                    });
            assertThatThrownBy(() -> device.client()
                            .registerThing(registration(made.token(), "no/name"))
                            .get(PATIENCE, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            V2ErrorResponseException.class,
                            refused -> assertThat(refused.getModeledError().errorMessage)
                                    .contains("ThingName"));
            assertThatThrownBy(() -> device.client()
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
        Mqtt5Client client = clients.five(claimed("thief"));
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
            SdkClients.end(client);
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
        Mqtt5Client client = clients.five(new Login(
                "pump",
                Files.readString(pump.files().certificate()),
                Files.readString(pump.files().privateKey())));
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
            SdkClients.end(client);
        }
        assertThat(waiting()).isEqualTo(before);
    }
}
