package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.protocol.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;
import software.amazon.awssdk.services.iot.model.CertificateDescription;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;

/** Has certificates made and registers with them, each with a token that counts once, over MQTT. What is there is the
 * description of the template, the status of each certificate by its common name, and which of them the one thing was
 * registered with last.
 */
final class ProvisioningWriter implements KillableWriter {
    private static final String ARN = "arn:aws:iot:eu-central-1:000000000000:";
    private static final String NAME = "killed-fleet";
    private static final String TEMPLATE = "template";
    private static final String THING = "thing";
    private static final String DEVICE = "device-";
    private static final String PENDING = "PENDING_ACTIVATION";
    private static final String DETACHED = "ACTIVE without a thing";
    private static final int MOST = 5;
    private static final String REGISTER = "$aws/provisioning-templates/" + NAME + "/provision/json";
    private static final String CREATE = "$aws/certificates/create-from-csr/json";

    private static final String BODY = """
            {"Parameters":{"N":{"Type":"String"}},"Resources":{
               "thing":{"Type":"AWS::IoT::Thing",
                 "Properties":{"ThingName":"killed-pump","AttributePayload":{"n":{"Ref":"N"}}},
                 "OverrideSettings":{"AttributePayload":"REPLACE"}},
               "certificate":{"Type":"AWS::IoT::Certificate","Properties":{
                 "CertificateId":{"Ref":"AWS::IoT::Certificate::Id"}}},
               "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyDocument":{"Version":"2012-10-17",
                 "Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}}}}}
            """;

    private final Front front;

    /** Tokens and certificates' ids by common names; a certificate whose answer never came has no token. */
    private final Map<String, String> tokens = new HashMap<>();

    private final Map<String, String> ids = new HashMap<>();
    private int made;

    ProvisioningWriter(Front front) {
        this.front = front;
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        Map<String, String> after = new TreeMap<>(known);
        List<String> names =
                known.keySet().stream().filter(name -> name.startsWith(DEVICE)).toList();
        if (!known.containsKey(TEMPLATE) || random.nextInt(10) == 0) {
            return template(after, random);
        }
        if (names.isEmpty() || (names.size() < MOST && random.nextInt(3) == 0)) {
            return create(after);
        }
        String name = names.get(random.nextInt(names.size()));
        return switch (Objects.requireNonNull(known.get(name))) {
            case PENDING -> tokens.containsKey(name) ? register(name, after) : delete(name, after);
            case "ACTIVE" ->
                tokens.containsKey(name) && random.nextInt(3) > 0 ? again(name, after, random) : detach(name, after);
            case DETACHED -> deactivate(name, after);
            default -> delete(name, after);
        };
    }

    private Write template(Map<String, String> after, Random random) {
        String text = String.valueOf(random.nextInt(1_000_000));
        boolean isNew = after.put(TEMPLATE, text) == null;
        return isNew
                ? new Write(
                        "create template",
                        after,
                        () -> front.iot()
                                .createProvisioningTemplate(create -> create.templateName(NAME)
                                        .description(text)
                                        .enabled(true)
                                        .provisioningRoleArn("arn:aws:iam::000000000000:role/fleet")
                                        .templateBody(BODY)))
                : new Write(
                        "describe template",
                        after,
                        () -> front.iot()
                                .updateProvisioningTemplate(
                                        update -> update.templateName(NAME).description(text)));
    }

    private Write create(Map<String, String> after) {
        made++;
        String name = DEVICE + made;
        after.put(name, PENDING);
        String request = SigningRequest.of(new X500Principal("CN=" + name), DeviceKeys.ellipticCurve());
        return new Write("create " + name, after, () -> {
            JsonNode answer = ask(CREATE, Json.object().put("certificateSigningRequest", request));
            tokens.put(name, answer.path("certificateOwnershipToken").asText());
            ids.put(name, answer.path("certificateId").asText());
        });
    }

    private JsonNode ask(String topic, ObjectNode request) throws Exception {
        return Json.mapper().readTree(front.ask(topic, request.toString().getBytes(UTF_8), topic));
    }

    private JsonNode register(String name, String n) throws Exception {
        ObjectNode request = Json.object().put("certificateOwnershipToken", tokens.get(name));
        request.putObject("parameters").put("N", n);
        return ask(REGISTER, request);
    }

    private Write register(String name, Map<String, String> after) {
        after.put(name, "ACTIVE");
        after.put(THING, name);
        return new Write("register " + name, after, () -> {
            var unused = register(name, name);
        });
    }

    /** The same request is answered again, and another one is refused: neither changes anything. */
    private Write again(String name, Map<String, String> after, Random random) {
        return random.nextBoolean()
                ? new Write("register " + name + " again", after, () -> {
                    var unused = register(name, name);
                })
                : new Write("register another with the token of " + name, after, () -> refused(name));
    }

    private void refused(String name) throws Exception {
        try {
            var unused = register(name, "another");
        } catch (RefusedException expected) {
            if (String.valueOf(expected.getMessage()).contains("InvalidCertificateOwnershipToken")) {
                return;
            }
            throw expected;
        }
        throw new RefusedException("the token of " + name + " was used twice");
    }

    private Write detach(String name, Map<String, String> after) {
        after.put(name, DETACHED);
        return new Write(
                "detach " + name,
                after,
                () -> front.iot()
                        .detachThingPrincipal(
                                detach -> detach.thingName("killed-pump").principal(ARN + "cert/" + ids.get(name))));
    }

    private Write deactivate(String name, Map<String, String> after) {
        after.put(name, "INACTIVE");
        return new Write(
                "deactivate " + name,
                after,
                () -> front.iot()
                        .updateCertificate(
                                update -> update.certificateId(ids.get(name)).newStatus("INACTIVE")));
    }

    private Write delete(String name, Map<String, String> after) {
        after.remove(name);
        return new Write(
                "delete " + name,
                after,
                () -> front.iot()
                        .deleteCertificate(
                                delete -> delete.certificateId(ids.get(name)).forceDelete(true)));
    }

    /** Looks whether each certificate has thing and policy as its status says. */
    @Override
    public Map<String, String> read() {
        Map<String, String> found = new TreeMap<>();
        try {
            found.put(
                    TEMPLATE,
                    front.iot()
                            .describeProvisioningTemplate(describe -> describe.templateName(NAME))
                            .description());
        } catch (ResourceNotFoundException none) {
            return found;
        }
        try {
            found.put(
                    THING,
                    Objects.requireNonNull(front.iot()
                            .describeThing(describe -> describe.thingName("killed-pump"))
                            .attributes()
                            .get("n")));
        } catch (ResourceNotFoundException none) {
            // Nothing was registered yet: else this differs from what is known.
        }
        front.iot().listCertificatesPaginator().certificates().forEach(each -> {
            CertificateDescription certificate = front.iot()
                    .describeCertificate(describe -> describe.certificateId(each.certificateId()))
                    .certificateDescription();
            String name = Pem.certificate(certificate.certificatePem())
                    .orElseThrow()
                    .getSubjectX500Principal()
                    .getName()
                    .replace("CN=", "");
            if (name.startsWith(DEVICE)) {
                ids.put(name, certificate.certificateId());
                found.put(name, state(certificate));
            }
        });
        return found;
    }

    private String state(CertificateDescription certificate) {
        String arn = certificate.certificateArn();
        List<String> things =
                front.iot().listPrincipalThings(list -> list.principal(arn)).things();
        int policies = front.iot()
                .listAttachedPolicies(list -> list.target(arn))
                .policies()
                .size();
        String status = certificate.statusAsString();
        assertThat(policies)
                .as("policies of a certificate that is " + status)
                .isEqualTo(status.equals(PENDING) ? 0 : 1);
        boolean isAttached = things.equals(List.of("killed-pump"));
        assertThat(isAttached || things.isEmpty()).isTrue();
        assertThat(isAttached).as("attached to the thing: " + status).isIn(false, status.equals("ACTIVE"));
        return status.equals("ACTIVE") && !isAttached ? DETACHED : status;
    }
}
