package dev.roundtrip.local.iot.provisioning;

import static dev.roundtrip.local.iot.provisioning.TestProvisioning.TEMPLATE;
import static dev.roundtrip.local.iot.provisioning.TestProvisioning.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.OperationChecks;
import dev.roundtrip.local.http.operation.WrongRequest;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Templates, claims and RegisterThing over HTTP. */
class ProvisioningOperationsTest {
    private static final String FLEET = "/provisioning-templates/fleet";

    /** How many variants there were when this was last looked at; it may only rise. */
    private static final int AT_LEAST = 45;

    private final TableStore tables = new InMemoryTables();
    private TestProvisioning test = new TestProvisioning(tables);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private static JsonNode json(String text) throws IOException {
        return new JsonMapper().readTree(TestProvisioning.quoted(text));
    }

    private static ObjectNode version(String template) {
        return new JsonMapper().createObjectNode().put("templateBody", TestProvisioning.quoted(template));
    }

    @Test
    void template_is_made_described_listed_and_outlives_a_restart() throws IOException {
        ObjectNode wanted = body(TEMPLATE).put("description", "pumps");

        Answer made = test.ask("POST", "/provisioning-templates", wanted);
        test.close();
        test = new TestProvisioning(tables);
        Answer found = test.get(FLEET);

        assertThat(made.body())
                .isEqualTo(json("{'templateArn':'arn:aws:iot:us-east-1:000000000000:provisioningtemplate/fleet',"
                        + "'templateName':'fleet','defaultVersionId':1}"));
        assertThat(found.text("templateBody")).isEqualTo(TestProvisioning.quoted(TEMPLATE));
        assertThat(found.text("description")).isEqualTo("pumps");
        assertThat(found.text("type")).isEqualTo("FLEET_PROVISIONING");
        assertThat(found.text("provisioningRoleArn")).isEqualTo(TestProvisioning.ROLE);
        assertThat(found.body().path("enabled").asBoolean()).isTrue();
        assertThat(found.body().path("creationDate").isNumber()).isTrue();
        assertThat(test.get("/provisioning-templates").body().path("templates"))
                .hasSize(1)
                .allSatisfy(each -> assertThat(each.has("templateBody")).isFalse());
        Answer again = test.ask("POST", "/provisioning-templates", wanted);
        assertThat(again.error()).isEqualTo("ResourceAlreadyExistsException");
        assertThat(again.status()).isEqualTo(409);
    }

    @Test
    void update_changes_what_it_names() {
        test.template(TEMPLATE);

        Answer updated = test.ask("PATCH", FLEET, "{\"enabled\":false}");

        assertThat(updated.status()).isEqualTo(200);
        assertThat(test.get(FLEET).body().path("enabled").asBoolean()).isFalse();
        assertThat(test.get(FLEET).text("provisioningRoleArn")).isEqualTo(TestProvisioning.ROLE);
        assertThat(test.ask("PATCH", FLEET, "{\"defaultVersionId\":2}").error()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void versions_come_and_go_and_one_of_them_counts() {
        test.template(TEMPLATE);
        String other = TEMPLATE.replace("'Seattle'", "'Rome'");

        Answer second = test.ask("POST", FLEET + "/versions", version(other));
        Answer third = test.ask("POST", FLEET + "/versions?setAsDefault=true", version(other));

        assertThat(second.body().path("versionId").asInt()).isEqualTo(2);
        assertThat(second.body().path("isDefaultVersion").asBoolean()).isFalse();
        assertThat(third.body().path("isDefaultVersion").asBoolean()).isTrue();
        assertThat(test.get(FLEET).body().path("defaultVersionId").asInt()).isEqualTo(3);
        assertThat(test.get(FLEET).text("templateBody")).contains("Rome");
        assertThat(test.get(FLEET + "/versions/1").text("templateBody")).doesNotContain("Rome");
        Answer page = test.get(FLEET + "/versions?maxResults=2");
        assertThat(page.body().path("versions")).hasSize(2);
        assertThat(test.get(FLEET + "/versions?nextToken=" + page.text("nextToken"))
                        .body()
                        .path("versions")
                        .findValuesAsText("versionId"))
                .containsExactly("3");
        assertThat(test.ask("DELETE", FLEET + "/versions/3", "").error()).isEqualTo("DeleteConflictException");
        assertThat(test.ask("DELETE", FLEET + "/versions/2", "").status()).isEqualTo(200);
        assertThat(test.get(FLEET + "/versions/2").error()).isEqualTo("ResourceNotFoundException");
        for (int i = 0; i < 3; i++) {
            assertThat(test.ask("POST", FLEET + "/versions", version(other)).status())
                    .isEqualTo(200);
        }
        assertThat(test.ask("POST", FLEET + "/versions", version(other)).error())
                .isEqualTo("VersionsLimitExceededException");
        assertThat(test.ask("DELETE", FLEET, "").status()).isEqualTo(200);
        assertThat(test.get(FLEET).error()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void what_the_local_cloud_does_not_have_is_refused_by_name() {
        ObjectNode hooked = body(TEMPLATE);
        hooked.putObject("preProvisioningHook").put("targetArn", "arn:aws:lambda:us-east-1:000000000000:function:f");

        assertThat(test.ask("POST", "/provisioning-templates", hooked).text("message"))
                .contains("preProvisioningHook", "Lambda");
        Answer justInTime =
                test.ask("POST", "/provisioning-templates", body(TEMPLATE).put("type", "JITP"));
        assertThat(justInTime.error()).isEqualTo("InvalidRequestException");
        assertThat(justInTime.text("message")).contains("JITP", "certificate authorities");
        assertThat(test.ask(
                                "POST",
                                "/provisioning-templates",
                                body(TEMPLATE.replace("'ThingTypeName'", "'BillingGroup':'b','ThingTypeName'")))
                        .text("message"))
                .contains("BillingGroup");
        assertThat(test.ask(
                                "POST",
                                "/provisioning-templates",
                                body(TEMPLATE).put("provisioningRoleArn", "x".repeat(20)))
                        .error())
                .isEqualTo("InvalidRequestException");
        assertThat(test.get("/provisioning-templates").body().path("templates")).isEmpty();
    }

    @Test
    void claim_counts_for_five_minutes_and_is_in_no_list() throws IOException {
        test.template(TEMPLATE);

        Answer claim = test.ask("POST", FLEET + "/provisioning-claim", "");
        String id = claim.text("certificateId");

        assertThat(Pem.certificate(claim.text("certificatePem"))).isPresent();
        assertThat(claim.body().path("keyPair").path("PrivateKey").asText()).startsWith("-----BEGIN RSA PRIVATE KEY");
        assertThat(claim.body().path("expiration").asLong())
                .isEqualTo(test.clock.instant().plus(Duration.ofMinutes(5)).getEpochSecond());
        assertThat(test.get("/certificates").body().path("certificates")).isEmpty();
        test.clock.advance(Duration.ofSeconds(299));
        assertThat(test.principals.certificate(id)).isPresent();
        test.clock.advance(Duration.ofSeconds(1));
        assertThat(test.principals.certificate(id)).isEmpty();
        assertThat(test.ask("POST", "/provisioning-templates/none/provisioning-claim", "")
                        .error())
                .isEqualTo("ResourceNotFoundException");
    }

    @Test
    void keys_for_which_too_many_wait_are_refused_as_throttled() throws Exception {
        test.template(TEMPLATE);
        Semaphore begun = new Semaphore(0);
        CountDownLatch gate = new CountDownLatch(1);
        KeyPair pair = DeviceKeys.rsa();
        RsaKeys keys = new RsaKeys(1, 1, () -> {
            begun.release();
            try {
                gate.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return pair;
        });
        try (TestProvisioning busy = new TestProvisioning(tables, keys);
                ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<KeyPair>> waiting = List.of(others.submit(keys::make));
            begun.acquire();
            CountDownLatch refusals = new CountDownLatch(1);
            for (int i = 0; i < 2; i++) {
                var unused = others.submit(() -> {
                    try {
                        return keys.make();
                    } catch (RsaKeys.BusyException full) {
                        refusals.countDown();
                        throw full;
                    }
                });
            }
            refusals.await();

            Answer claim = busy.ask("POST", FLEET + "/provisioning-claim", "");
            Answer certificate = busy.ask("POST", "/keys-and-certificate", "");
            TestProvisioning.Told device = busy.device(TestProvisioning.CREATE, "");

            assertThat(List.of(claim.status(), certificate.status())).containsOnly(400);
            assertThat(List.of(claim.error(), certificate.error())).containsOnly("ThrottlingException");
            assertThat(device.error()).isEqualTo("TooManyRequests");
            gate.countDown();
            assertThat(waiting.getFirst().get()).isSameAs(pair);
            assertThat(busy.device(TestProvisioning.CREATE, "").end()).isEqualTo("accepted");
        }
    }

    @Test
    void claim_that_ended_while_nobody_looked_counts_no_more() throws IOException {
        test.template(TEMPLATE);
        String id = test.ask("POST", FLEET + "/provisioning-claim", "").text("certificateId");
        test.close();
        test = new TestProvisioning(tables);
        assertThat(test.principals.certificate(id)).isPresent();

        test.clock.advance(Duration.ofMinutes(6));

        assertThat(test.principals.certificate(id)).isEmpty();
    }

    private static final String OWN = """
            {'Parameters':{'Name':{'Type':'String'},'CSR':{'Type':'String'}},'Resources':{
               'thing':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':{'Ref':'Name'}}},
               'certificate':{'Type':'AWS::IoT::Certificate','Properties':{
                 'CertificateSigningRequest':{'Ref':'CSR'},'Status':'INACTIVE'}},
               'policy':{'Type':'AWS::IoT::Policy','Properties':{'PolicyDocument':'DOCUMENT'}}}}
            """;

    @Test
    void thing_is_registered_with_a_template_that_the_request_brings() {
        String document =
                "{'Version':'2012-10-17'," + "'Statement':[{'Effect':'Allow','Action':'iot:Connect','Resource':'*'}]}";
        String text = TextNode.valueOf(TestProvisioning.quoted(document)).toString();
        ObjectNode request = version(OWN);
        request.put("templateBody", request.path("templateBody").asText().replace("\"DOCUMENT\"", text));
        request.putObject("parameters")
                .put("Name", "pump")
                .put("CSR", SigningRequest.of(new X500Principal("CN=pump"), DeviceKeys.ellipticCurve()));

        Answer answer = test.ask("POST", "/things", request);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(Pem.certificate(answer.text("certificatePem"))).isPresent();
        JsonNode arns = answer.body().path("resourceArns");
        assertThat(arns.path("thing").asText()).endsWith(":thing/pump");
        assertThat(arns.path("certificate").asText()).contains(":cert/");
        assertThat(arns.path("policy").asText()).contains(":policy/");
        assertThat(test.get("/things/pump/principals").body().path("principals").get(0))
                .isEqualTo(arns.path("certificate"));
        String id = arns.path("certificate").asText().replaceFirst(".*/", "");
        assertThat(test.get("/certificates/" + id)
                        .body()
                        .path("certificateDescription")
                        .path("status")
                        .asText())
                .isEqualTo("INACTIVE");
    }

    @Test
    void registration_that_fails_over_http_leaves_nothing() {
        ObjectNode request = version("""
                {'Resources':{
                   'thing':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'pump','ThingGroups':['none']}},
                   'certificate':{'Type':'AWS::IoT::Certificate','Properties':{'CertificateId':'00'}}}}
                """);

        Answer answer = test.ask("POST", "/things", request);

        assertThat(answer.error()).isEqualTo("ResourceRegistrationFailureException");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(test.get("/things").body().path("things")).isEmpty();
        assertThat(test.ask("POST", "/things", version("{}")).error()).isEqualTo("InvalidRequestException");
    }

    private Answer ask(WrongRequest wrong) {
        WrongRequest.Sent sent = wrong.sent();
        return test.ask(wrong.operation().method(), sent.target(), sent.body());
    }

    @Test
    void each_wrong_request_is_refused_as_invalid() {
        new OperationChecks(test.operations, this::ask).eachWrongRequestIsRefused(AT_LEAST, "InvalidRequestException");
    }

    @Test
    void each_operation_is_refused_without_its_permission_and_asks_for_its_own_action() {
        test.denied = true;

        assertThat(test.operations).hasSize(11);
        new OperationChecks(test.operations, this::ask).eachOperationNeedsItsPermission(test.asked);
    }
}
