package dev.roundtrip.local.iot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.auth.principal.Principals;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.GatewayClient;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.control.ControlPlane;
import dev.roundtrip.local.iot.document.DocumentFormat;
import dev.roundtrip.local.iot.group.GroupOperations;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.CertificatePrincipals;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.mqtt.Permissions;
import dev.roundtrip.mqtt.Principal;
import dev.roundtrip.mqtt.ReservedTopicService;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Provisioning with a registry, a control plane on a socket, and a clock that a test moves. */
final class TestProvisioning implements RequestAuthentication, AutoCloseable {
    static final String ROLE = "arn:aws:iam::000000000000:role/provisioning";
    static final String CREATE = "$aws/certificates/create/json";
    static final String FROM_REQUEST = "$aws/certificates/create-from-csr/json";
    static final String REGISTER = "$aws/provisioning-templates/fleet/provision/json";

    /** A template that uses most of what there is; ' stands for ". */
    static final String TEMPLATE = """
            {'Parameters':{'SerialNumber':{'Type':'String'},'Location':{'Type':'String','Default':'Seattle'}},
             'Mappings':{'Locations':{'Seattle':{'Url':'https://example.aws'}}},
             'Resources':{
               'thing':{'Type':'AWS::IoT::Thing','Properties':{
                 'ThingName':{'Fn::Join':['',['pump_',{'Ref':'SerialNumber'}]]},
                 'AttributePayload':{'serial':{'Ref':'SerialNumber'}},
                 'ThingTypeName':'pumps','ThingGroups':['north']},
                 'OverrideSettings':{'AttributePayload':'MERGE','ThingTypeName':'REPLACE','ThingGroups':'DO_NOTHING'}},
               'certificate':{'Type':'AWS::IoT::Certificate','Properties':{
                 'CertificateId':{'Ref':'AWS::IoT::Certificate::Id'},'Status':'Active',
                 'ThingPrincipalType':'EXCLUSIVE_THING'}},
               'policy':{'Type':'AWS::IoT::Policy','Properties':{'PolicyDocument':{
                 'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'iot:Connect','Resource':'*'}]}}}},
             'DeviceConfiguration':{'Url':{'Fn::FindInMap':['Locations',{'Ref':'Location'},'Url']}}}
            """;

    private static final JsonMapper JSON = new JsonMapper();

    /** Of one device, for all certificates: a key takes longer than a certificate. */
    private static final String REQUEST = SigningRequest.of(new X500Principal("CN=pump"), DeviceKeys.ellipticCurve());

    final MovableClock clock = new MovableClock(Instant.now());
    final Registry registry;
    final Principals principals = new Principals();
    final List<Access> asked = new CopyOnWriteArrayList<>();
    final List<Operation> operations;
    volatile boolean denied;
    private final ReservedTopicService topics;
    private final TestBroker broker;
    private final GatewayClient http;

    /** What a device was answered.
     *
     * @param end the last level of the topic
     */
    record Told(String end, JsonNode body) {
        String text(String name) {
            return body.path(name).asText();
        }

        String error() {
            return text("errorCode");
        }
    }

    /** Somebody who may do everything. */
    private record Somebody(String id) implements Principal {
        @Override
        public @Nullable String thingName() {
            return null;
        }

        @Override
        public long version() {
            return 1;
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            return (action, resource) -> true;
        }
    }

    TestProvisioning(TableStore tables) {
        this(tables, new RsaKeys());
    }

    TestProvisioning(TableStore tables, RsaKeys keys) {
        registry = new Registry(tables, new Account("us-east-1"), clock);
        ThingGroups groups = new ThingGroups(tables, registry);
        CertificatePrincipals.keep(registry, principals);
        Authority authority = Authority.inMemory(Instant.now());
        ProvisioningService service =
                ProvisioningService.start(new ProvisioningEnvironment(tables, registry, authority, keys, clock));
        topics = service.topics();
        operations = service.operations();
        OperationTable table = ControlPlane.of(
                registry,
                authority,
                keys,
                clock,
                operations,
                new GroupOperations(groups, registry.account(), clock).operations());
        broker = new TestGateway(made -> table, this, UnaryOperator.identity()).broker;
        http = new GatewayClient(broker);
    }

    @Override
    public Outcome authenticate(SignedRequest request, InetAddress source) {
        return new Known(access -> {
            asked.add(access);
            return !denied;
        });
    }

    static String quoted(String json) {
        return json.replace('\'', '"');
    }

    /** The body of a request with a template; ' stands for ". */
    static ObjectNode body(String template) {
        return JSON.createObjectNode()
                .put("templateName", "fleet")
                .put("templateBody", quoted(template))
                .put("provisioningRoleArn", ROLE)
                .put("enabled", true);
    }

    Answer ask(String method, String path, JsonNode body) {
        return ask(method, path, body.toString());
    }

    Answer ask(String method, String path, String body) {
        return http.ask(method, path, body);
    }

    Answer get(String path) {
        return ask("GET", path, "");
    }

    /** Makes the template {@code fleet}. */
    void template(String template) {
        Answer made = ask("POST", "/provisioning-templates", body(template));
        assertThat(made.status()).as(made.toString()).isEqualTo(200);
    }

    /** Makes the type and the group that {@link #TEMPLATE} names. */
    void typeAndGroup() {
        assertThat(ask("POST", "/thing-types/pumps", "{}").status()).isEqualTo(200);
        assertThat(ask("POST", "/thing-groups/north", "{}").status()).isEqualTo(200);
    }

    /** What a device is answered; empty when it is answered nothing. */
    List<Told> told(String principal, String clientId, String topic, byte[] payload) {
        List<Publication> answers = new ArrayList<>();
        topics.take(
                new ReservedTopicService.Request(
                        clientId, new Somebody(principal), Publication.of(topic, payload), Qos.AT_LEAST_ONCE),
                answers::add);
        return answers.stream()
                .map(answer -> {
                    assertThat(answer.topic()).startsWith(topic + '/');
                    DocumentFormat format = topic.endsWith("cbor") ? DocumentFormat.CBOR : DocumentFormat.JSON;
                    try {
                        return new Told(answer.topic().substring(topic.length() + 1), format.read(answer.payload()));
                    } catch (IOException malformed) {
                        throw new IllegalStateException(malformed);
                    }
                })
                .toList();
    }

    Told device(String topic, byte[] payload) {
        return told("claim-1", "device-1", topic, payload).getFirst();
    }

    /** ' stands for ". */
    Told device(String topic, String payload) {
        return device(topic, quoted(payload).getBytes(StandardCharsets.UTF_8));
    }

    /** A certificate from a signing request, which is quick. */
    Told certificate() {
        Told told = device(
                FROM_REQUEST,
                JSON.createObjectNode()
                        .put("certificateSigningRequest", REQUEST)
                        .toString());
        assertThat(told.end()).as(told.toString()).isEqualTo("accepted");
        return told;
    }

    /** The payload that registers with a token. */
    static String registration(Told certificate, String parameters) {
        return "{'certificateOwnershipToken':'" + certificate.text("certificateOwnershipToken") + "','parameters':"
                + parameters + "}";
    }

    Told register(Told certificate, String parameters) {
        return device(REGISTER, registration(certificate, parameters));
    }

    String status(Told certificate) {
        Answer found = get("/certificates/" + certificate.text("certificateId"));
        return found.status() == 404
                ? "none"
                : found.body().path("certificateDescription").path("status").asText();
    }

    @Override
    public void close() throws IOException {
        http.close();
        broker.close();
    }
}
