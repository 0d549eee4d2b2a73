package dev.roundtrip.local.iot.provisioning;

import static dev.roundtrip.local.iot.provisioning.TestProvisioning.CREATE;
import static dev.roundtrip.local.iot.provisioning.TestProvisioning.FROM_REQUEST;
import static dev.roundtrip.local.iot.provisioning.TestProvisioning.REGISTER;
import static dev.roundtrip.local.iot.provisioning.TestProvisioning.TEMPLATE;
import static dev.roundtrip.local.iot.provisioning.TestProvisioning.registration;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.document.DocumentFormat;
import dev.roundtrip.local.iot.provisioning.TestProvisioning.Told;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices ask of provisioning, and are answered. */
class ProvisioningTopicsTest {
    private static final String SERIAL = "{'SerialNumber':'7'}";

    private final TableStore tables = new InMemoryTables();
    private TestProvisioning test = new TestProvisioning(tables);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void prepare() {
        test.typeAndGroup();
        test.template(TEMPLATE);
    }

    @Test
    void device_gets_keys_and_a_certificate_that_waits() {
        Told told = test.device(CREATE, "");

        assertThat(told.end()).isEqualTo("accepted");
        assertThat(told.body().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "certificateId", "certificatePem", "privateKey", "certificateOwnershipToken");
        assertThat(told.text("privateKey")).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(Pem.certificate(told.text("certificatePem"))).isPresent();
        assertThat(test.status(told)).isEqualTo("PENDING_ACTIVATION");
        assertThat(test.principals.certificate(told.text("certificateId"))).isEmpty();
    }

    @Test
    void device_is_provisioned_in_cbor() throws Exception {
        prepare();
        ObjectNode csr = new JsonMapper()
                .createObjectNode()
                .put(
                        "certificateSigningRequest",
                        SigningRequest.of(new X500Principal("CN=pump"), DeviceKeys.ellipticCurve()));
        Told made = test.device("$aws/certificates/create-from-csr/cbor", DocumentFormat.CBOR.write(csr));
        ObjectNode request = new JsonMapper().createObjectNode();
        request.put("certificateOwnershipToken", made.text("certificateOwnershipToken"))
                .putObject("parameters")
                .put("SerialNumber", "7");

        Told told = test.device("$aws/provisioning-templates/fleet/provision/cbor", DocumentFormat.CBOR.write(request));

        assertThat(made.end()).isEqualTo("accepted");
        assertThat(told.end()).as(told.toString()).isEqualTo("accepted");
        assertThat(told.text("thingName")).isEqualTo("pump_7");
        assertThat(test.status(made)).isEqualTo("ACTIVE");
    }

    @Test
    void registration_makes_what_the_template_says_and_activates_the_certificate() {
        prepare();
        Told certificate = test.certificate();

        Told told = test.register(certificate, SERIAL);

        assertThat(told.body())
                .hasToString("{\"deviceConfiguration\":{\"Url\":\"https://example.aws\"},\"thingName\":\"pump_7\"}");
        JsonNode thing = test.get("/things/pump_7").body();
        assertThat(thing.path("thingTypeName").asText()).isEqualTo("pumps");
        assertThat(thing.path("attributes")).hasToString("{\"serial\":\"7\"}");
        assertThat(test.get("/thing-groups/north/things").body().path("things")).hasToString("[\"pump_7\"]");
        assertThat(test.get("/things/pump_7/principals").body().path("principals"))
                .hasToString("[\"arn:aws:iot:us-east-1:000000000000:cert/" + certificate.text("certificateId") + "\"]");
        assertThat(test.status(certificate)).isEqualTo("ACTIVE");
        assertThat(test.principals.certificate(certificate.text("certificateId")))
                .hasValueSatisfying(active -> {
                    assertThat(active.exclusiveThing()).isEqualTo("pump_7");
                    assertThat(active.policies()).hasSize(1);
                });
    }

    @Test
    void same_request_again_is_answered_again_and_changes_nothing() {
        prepare();
        Told certificate = test.certificate();
        Told first = test.register(certificate, SERIAL);
        JsonNode before = test.get("/things/pump_7").body();

        assertThat(test.register(certificate, SERIAL)).isEqualTo(first);
        assertThat(test.get("/things/pump_7").body()).isEqualTo(before);
        assertThat(test.register(certificate, "{'SerialNumber':'8'}").error())
                .isEqualTo("InvalidCertificateOwnershipToken");
        assertThat(test.get("/things/pump_8").status()).isEqualTo(404);
    }

    @Test
    void token_is_for_the_principal_that_got_it_and_cannot_be_forged() {
        prepare();
        Told certificate = test.certificate();
        byte[] request =
                TestProvisioning.quoted(registration(certificate, SERIAL)).getBytes(StandardCharsets.UTF_8);

        Told foreign = test.told("claim-2", "device-1", REGISTER, request).getFirst();

        assertThat(foreign.end()).isEqualTo("rejected");
        assertThat(foreign.error()).isEqualTo("InvalidCertificateOwnershipToken");
        assertThat(foreign.body().path("statusCode").asInt()).isEqualTo(400);
        String id = certificate.text("certificateId");
        assertThat(test.device(REGISTER, "{'certificateOwnershipToken':'" + id + "'}")
                        .error())
                .isEqualTo("InvalidCertificateOwnershipToken");
        assertThat(test.device(REGISTER, "{}").text("errorMessage"))
                .isEqualTo("Certificate ownership token cannot be empty.");
        assertThat(test.status(certificate)).isEqualTo("PENDING_ACTIVATION");
        assertThat(test.register(certificate, SERIAL).end()).isEqualTo("accepted");
    }

    @Test
    void token_ends_after_an_hour_and_takes_an_unused_certificate_with_it() {
        prepare();
        Told used = test.certificate();
        Told unused = test.certificate();
        assertThat(test.register(used, SERIAL).end()).isEqualTo("accepted");
        test.clock.advance(Duration.ofMinutes(59));
        assertThat(test.status(unused)).isEqualTo("PENDING_ACTIVATION");

        test.clock.advance(Duration.ofMinutes(1));

        assertThat(test.status(unused)).isEqualTo("none");
        assertThat(test.status(used)).isEqualTo("ACTIVE");
        assertThat(test.register(unused, "{'SerialNumber':'8'}").error()).isEqualTo("InvalidCertificateOwnershipToken");
        assertThat(test.clock.waiting()).isZero();
    }

    @Test
    void restart_forgets_neither_tokens_nor_their_end() throws IOException {
        prepare();
        Told first = test.certificate();
        Told second = test.certificate();
        test.close();
        test = new TestProvisioning(tables);

        assertThat(test.register(first, SERIAL).end()).isEqualTo("accepted");
        test.clock.advance(Duration.ofHours(1).plusSeconds(60));

        assertThat(test.status(first)).isEqualTo("ACTIVE");
        assertThat(test.status(second)).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    'north'                        | 'south'                    | {'SerialNumber':'7'}   | Thing group south | ResourceNotFound
                    'ThingTypeName':'pumps'        | 'ThingTypeName':'none'     | {'SerialNumber':'7'}   | Thing type none | ResourceNotFound
                    'PolicyDocument':{             | 'PolicyName':'none'}},'o':{'Type':'AWS::IoT::Policy','Properties':{'PolicyDocument':{ | {'SerialNumber':'7'} | Policy not found | ResourceNotFound
                    ''                             | ''                         | {}                     | SerialNumber is missing | InvalidParameters
                    ''                             | ''                         | {'SerialNumber':'a/b'} | ThingName must match | InvalidParameters
                    ''                             | ''                         | {'SerialNumber':'7','Location':'Rome'} | Fn::FindInMap | InvalidParameters
                    """, quoteCharacter = '"')
    void registration_that_fails_leaves_nothing_and_can_be_tried_again(
            String part, String other, String parameters, String why, String error) {
        test.typeAndGroup();
        test.template(part.equals("''") ? TEMPLATE : TEMPLATE.replace(part, other));
        Told certificate = test.certificate();

        Told told = test.register(certificate, parameters);

        assertThat(told.end()).isEqualTo("rejected");
        assertThat(told.text("errorMessage")).contains(why);
        assertThat(told.error()).isEqualTo(error);
        assertThat(test.get("/things").body().path("things")).isEmpty();
        assertThat(test.get("/policies").body().path("policies")).isEmpty();
        assertThat(test.get("/thing-groups/north/things").body().path("things")).isEmpty();
        assertThat(test.status(certificate)).isEqualTo("PENDING_ACTIVATION");
        test.ask("DELETE", "/provisioning-templates/fleet", "");
        test.template(TEMPLATE);
        assertThat(test.register(certificate, SERIAL).end()).isEqualTo("accepted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    DO_NOTHING | accepted | {"place":"roof"}
                    REPLACE    | accepted | {"serial":"7"}
                    MERGE      | accepted | {"place":"roof","serial":"7"}
                    FAIL       | rejected | {"place":"roof"}
                    """, quoteCharacter = '~')
    void override_settings_decide_about_a_thing_that_is_there(String setting, String end, String attributes) {
        test.typeAndGroup();
        test.template(TEMPLATE.replace("'AttributePayload':'MERGE'", "'AttributePayload':'" + setting + "'"));
        test.ask("POST", "/things/pump_7", "{\"attributePayload\":{\"attributes\":{\"place\":\"roof\"}}}");
        Told certificate = test.certificate();

        Told told = test.register(certificate, SERIAL);

        assertThat(told.end()).isEqualTo(end);
        if (end.equals("rejected")) {
            assertThat(told.error()).isEqualTo("ResourceConflicts");
            assertThat(test.status(certificate)).isEqualTo("PENDING_ACTIVATION");
        }
        assertThat(test.get("/things/pump_7").body().path("attributes")).hasToString(attributes);
        assertThat(test.get("/thing-groups/north/things").body().path("things")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "7",
                "{",
                "{'a':1,'a':2}",
                "\u0000",
                "nil",
                "{} {}",
                "{'certificateOwnershipToken':7}",
                "{'certificateOwnershipToken':'t','parameters':[]}",
                "{'certificateOwnershipToken':'t','parameters':{'a':{}}}"
            })
    void malformed_request_is_rejected(String payload) {
        prepare();

        Told told = test.device(REGISTER, payload);

        assertThat(told.end()).isEqualTo("rejected");
        assertThat(told.body().path("statusCode").asInt()).isEqualTo(400);
        assertThat(told.body().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("statusCode", "errorCode", "errorMessage");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Arrays within arrays without end, a text of 2 GB, a map of 2^32 entries, an integer without its
                // bytes.
                "9f9f9f9f9f9f9f9f",
                "7b7fffffffffffffff",
                "bb00000000ffffffff61",
                "1b0000",
                "ff",
                "c2",
                "a1616180",
                "5f5f5f"
            })
    void malformed_cbor_is_rejected(String hex) {
        byte[] payload = HexFormat.of().parseHex(hex);

        assertThat(test.device("$aws/certificates/create-from-csr/cbor", payload)
                        .end())
                .isEqualTo("rejected");
        assertThat(test.device("$aws/provisioning-templates/fleet/provision/cbor", payload)
                        .end())
                .isEqualTo("rejected");
    }

    @Test
    void deep_document_is_rejected() {
        assertThat(test.device(REGISTER, "{'a':" + "[".repeat(60_000)).error()).isEqualTo("InvalidPayload");
        assertThat(test.device("$aws/certificates/create/cbor", HexFormat.of().parseHex("81".repeat(60_000)))
                        .error())
                .isEqualTo("InvalidPayload");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'SerialNumber':'7','AWS::IoT::Certificate::Id':'0'}",
                "{'SerialNumber':'7','AWS::IoT::Certificate::CommonName':'0'}",
                "{'SerialNumber':7}",
            })
    void parameters_that_a_device_must_not_send_are_refused(String parameters) {
        prepare();

        assertThat(test.register(test.certificate(), parameters).error()).isEqualTo("InvalidParameters");
    }

    @Test
    void many_and_long_parameters_are_refused() {
        prepare();
        Told certificate = test.certificate();
        StringBuilder many = new StringBuilder("{'SerialNumber':'7'");
        for (int i = 0; i < 100; i++) {
            many.append(",'p").append(i).append("':''");
        }

        assertThat(test.register(certificate, many + "}").error()).isEqualTo("InvalidParameters");
        assertThat(test.register(certificate, "{'SerialNumber':'" + "7".repeat(4_097) + "'}")
                        .error())
                .isEqualTo("InvalidParameters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "+", "a/#", "a?", "\\u0022,\\u0022iot:*", "${iot:ClientId}", "\\\\"})
    void parameter_writes_no_more_into_a_policy_than_a_name(String value) {
        test.typeAndGroup();
        test.template(
                TEMPLATE.replace("'ThingName':{'Fn::Join':['',['pump_',{'Ref':'SerialNumber'}]]}", "'ThingName':'x'")
                        .replace("'serial':{'Ref':'SerialNumber'}", "'serial':'7'")
                        .replace(
                                "'Resource':'*'",
                                "'Resource':{'Fn::Sub':'arn:aws:iot:us-east-1:000000000000:client/${SerialNumber}'}"));
        Told certificate = test.certificate();

        assertThat(test.register(certificate, "{'SerialNumber':'" + value + "'}")
                        .text("errorMessage"))
                .contains("stands in a policy");
        assertThat(test.register(certificate, SERIAL).end()).isEqualTo("accepted");
    }

    @Test
    void template_cannot_name_the_certificate_of_another_device() {
        test.typeAndGroup();
        Told victim = test.certificate();
        test.template(TEMPLATE.replace("{'Ref':'AWS::IoT::Certificate::Id'}", "{'Ref':'Location'}"));

        Told told = test.register(
                test.certificate(), "{'SerialNumber':'7','Location':'" + victim.text("certificateId") + "'}");

        assertThat(told.end()).isEqualTo("rejected");
        assertThat(test.status(victim)).isEqualTo("PENDING_ACTIVATION");
    }

    @ParameterizedTest
    @CsvSource({"false, fleet, InvalidTemplate", "true, other, ResourceNotFound", "true, '', ResourceNotFound"})
    void template_must_be_there_and_enabled(boolean enabled, String name, String error) {
        ObjectNode body = TestProvisioning.body(TEMPLATE).put("enabled", enabled);
        assertThat(test.ask("POST", "/provisioning-templates", body).status()).isEqualTo(200);

        Told told = test.device(
                "$aws/provisioning-templates/" + name + "/provision/json", registration(test.certificate(), SERIAL));

        assertThat(told.error()).isEqualTo(error);
    }

    @Test
    void certificates_that_wait_are_bounded_and_make_room_when_they_end() {
        for (int i = 0; i < OpenFacts.MAX_PENDING; i++) {
            var unused = test.certificate();
        }
        byte[] keys = {};

        Told refused = test.told("claim-1", "device-1", CREATE, keys).getFirst();
        Told another = test.told("claim-2", "device-1", CREATE, keys).getFirst();
        test.clock.advance(Duration.ofHours(1));

        assertThat(refused.body().path("statusCode").asInt()).isEqualTo(429);
        assertThat(another.end()).isEqualTo("accepted");
        assertThat(test.device(CREATE, "").end()).isEqualTo("accepted");
    }

    @Test
    void request_over_https_makes_no_certificate() {
        byte[] empty = {};

        assertThat(test.told("", "", CREATE, empty)).isEmpty();
        assertThat(test.get("/certificates").body().path("certificates")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no request",
                "-----BEGIN CERTIFICATE REQUEST-----\\nAAAA\\n-----END CERTIFICATE REQUEST-----"
            })
    void malformed_signing_request_is_rejected(String csr) {
        assertThat(test.device(FROM_REQUEST, "{'certificateSigningRequest':'" + csr + "'}")
                        .error())
                .isEqualTo("InvalidCertificateSigningRequest");
    }
}
