package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import dev.roundtrip.local.endtoend.OperationRequests.Asked;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.iot.data.AllTables;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.shadow.ShadowTopics;
import dev.roundtrip.local.iot.shadow.TestShadows;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.mqtt.ClientState;
import dev.roundtrip.sigv4.HeaderLine;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A device, and a user, that may do everything with one thing, and try it on another whose name begins alike: for each
 * operation of each service and each reserved topic.
 */
class ForeignThingIT {
    private static final String OWN = "pump";
    private static final String OTHER = "pump-2";

    /** How many attempts there were when this was last looked at; they may only rise. */
    private static final int DEVICE_ATTEMPTS = 39;

    private static final int USER_ATTEMPTS = 165;

    /** A device's least policy: all that a device may do over MQTT and HTTP, with its own thing alone. Over HTTP
     * policies do not know the thing, so that its name stands there.
     */
    private static final String DEVICE_POLICY = """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":["iot:Connect","iot:SendDirectMessage","iot:GetConnection",
                "iot:ListSubscriptions","iot:DeleteConnection"],"Resource":"arn:aws:iot:*:*:client/pump"},
              {"Effect":"Allow","Action":["iot:Publish","iot:RetainPublish","iot:GetRetainedMessage","iot:Receive"],
               "Resource":["arn:aws:iot:*:*:topic/pump/*","arn:aws:iot:*:*:topic/$aws/things/pump/*"]},
              {"Effect":"Allow","Action":"iot:Subscribe",
               "Resource":["arn:aws:iot:*:*:topicfilter/pump/*","arn:aws:iot:*:*:topicfilter/$aws/things/pump/*"]},
              {"Effect":"Allow","Action":["iot:GetThingShadow","iot:UpdateThingShadow","iot:DeleteThingShadow",
                "iot:ListNamedShadowsForThing"],
               "Resource":["arn:aws:iot:*:*:thing/pump","arn:aws:iot:*:*:thing/pump/*"]},
              {"Effect":"Allow","Action":["iotjobsdata:GetPendingJobExecutions",
                "iotjobsdata:StartNextPendingJobExecution","iotjobsdata:DescribeJobExecution",
                "iotjobsdata:UpdateJobExecution"],
               "Resource":"arn:aws:iot:*:*:thing/pump"}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private static Thing own;

    @SuppressWarnings("NullAway.Init")
    private static Thing other;

    @SuppressWarnings("NullAway.Init")
    private static Thing mine;

    @SuppressWarnings("NullAway.Init")
    private static Mqtt5BlockingClient victim;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        own = cloud.thing(OWN);
        other = cloud.thing(OTHER);
        mine = cloud.thing("valve");
        cloud.edit(own.files().policy(), policy -> DEVICE_POLICY);
        cloud.edit(other.files().policy(), policy -> DEVICE_POLICY.replace("pump", OTHER));
        victim = client(OTHER, other);
        victim.connect();
        victim.subscribeWith()
                .topicFilter(OTHER + "/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        for (String topic :
                List.of("$aws/things/pump-2/shadow/update", "$aws/things/pump-2/shadow/name/config/update")) {
            victim.publishWith()
                    .topic(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload("{\"state\":{\"desired\":{\"on\":true}}}".getBytes(StandardCharsets.UTF_8))
                    .send();
        }
        victim.publishWith()
                .topic("pump-2/status")
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .payload("kept".getBytes(StandardCharsets.UTF_8))
                .send();
        // The publisher's acknowledgement comes before the service has written.
        await().until(() ->
                rows().stream().filter(row -> row.startsWith("shadows ")).count() == 2);
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    private static Mqtt5BlockingClient client(String clientId, Thing shown) throws Exception {
        URI endpoint = URI.create("tls://" + cloud.cloud().iotEndpoint());
        return Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost(endpoint.getHost())
                .serverPort(endpoint.getPort())
                .sslConfig(TestTls.of(shown.files(), cloud.cloud().state().authorityFile()))
                .buildBlocking();
    }

    private static String arn(String end) {
        return cloud.cloud().state().account().iotArn(end);
    }

    /** What a name in an operation's table stands for, when the request is about a thing. */
    private static UnaryOperator<String> values(Thing thing) {
        String name = thing.name().value();
        String certificate = arn("cert/" + thing.certificateId().value());
        return place -> switch (place) {
            case "topic" -> name + "/status";
            case "certificateId" -> thing.certificateId().value();
            case "target", "x-amzn-iot-principal", "x-amzn-principal" -> certificate;
            case "resourceArn" -> arn("thinggroup/" + name);
            case "targets" -> arn("thing/" + name);
            case "jobTemplateArn" -> arn("jobtemplate/" + name);
            case "jobArn" -> arn("job/" + name);
            // Of these there is one: they are tried where another name is the other's.
            case "policyVersionId" -> "1";
            default -> name;
        };
    }

    private static Stream<Operation> served(OperationTable table) {
        return table.operations().stream().filter(operation -> operation.handler() != null);
    }

    /** All rows of all services. The store's connections see a row when its write has returned. */
    private static List<String> rows() throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection store = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("services.db"));
                ResultSet found = store.createStatement()
                        .executeQuery("SELECT table_name, hex(key), hex(value) FROM entries ORDER BY 1, 2")) {
            while (found.next()) {
                rows.add(found.getString(1) + " " + found.getString(2) + " " + found.getString(3));
            }
        }
        assertThat(rows).isNotEmpty();
        return rows;
    }

    private static Journal journal() {
        return Objects.requireNonNull(cloud.cloud().journal());
    }

    private static int ask(HttpClient device, Asked asked) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + cloud.gatewayPort() + asked.target()))
                .method(
                        asked.method(),
                        asked.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(asked.body()));
        asked.headers().forEach(request::header);
        return device.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private static HttpClient device() throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestTls.showing(own.files(), cloud.cloud().state().authorityFile()))
                .build();
    }

    private static int ask(StoredUser user, String service, Asked asked) throws Exception {
        RequestSigner signer = new RequestSigner(
                AwsCredentialsIdentity.create(
                        user.credentials().accessKeyId(), user.credentials().secretAccessKey()),
                new SigningScope(cloud.cloud().state().account().region(), service));
        List<HeaderLine> headers = new ArrayList<>();
        asked.headers().forEach((name, value) -> headers.add(new HeaderLine(name, value)));
        return cloud.send(signer.sign(new UnsignedRequest(
                        asked.method(),
                        URI.create(cloud.cloud().servicesEndpoint() + asked.target()),
                        headers,
                        asked.body().getBytes(StandardCharsets.UTF_8))))
                .statusCode();
    }

    /** Nothing that another one tried may have changed the thing, its rows or its connection. */
    private static void assertThatTheOtherIsAsItWas(List<String> before) throws Exception {
        assertThat(rows()).isEqualTo(before);
        assertThat(cloud.broker().connections().find(OTHER)).containsInstanceOf(ClientState.Connected.class);
        assertThat(cloud.broker().connections().subscriptions(OTHER)).hasSize(1);
        assertThat(cloud.broker().messages().retained("pump-2/status"))
                .hasValueSatisfying(
                        kept -> assertThat(kept.content().payload()).asString().isEqualTo("kept"));
    }

    @Test
    void device_does_nothing_with_another_thing_over_http_and_all_with_its_own() throws Exception {
        List<String> before = rows();
        long journaled = journal().next();
        List<Asked> refused = new ArrayList<>();
        try (HttpClient device = device();
                Mqtt5Publishes heard = victim.publishes(MqttGlobalPublishFilter.ALL)) {
            for (Operation operation : ofDevices().toList()) {
                List<Asked> attempts = new ArrayList<>(OperationRequests.of(operation, values(other)));
                if (operation.name().equals("Publish")) {
                    for (String topic : requestTopics(OTHER)) {
                        attempts.addAll(OperationRequests.of(operation, place -> topic));
                    }
                }
                for (Asked attempt : attempts) {
                    assertThat(ask(device, attempt)).as(attempt.toString()).isEqualTo(403);
                    refused.add(attempt);
                }
            }
            assertThat(heard.receiveNow()).isEmpty();
        }
        System.out.println("requests of a device for another thing: " + refused.size());
        assertThat(refused).hasSizeGreaterThanOrEqualTo(DEVICE_ATTEMPTS);
        assertThatTheOtherIsAsItWas(before);
        long messages = refused.stream()
                .filter(attempt -> attempt.target().startsWith("/topics/")
                        || attempt.target().startsWith("/things/pump-2/shadow")
                        || attempt.target().contains("/messages?"))
                .count();
        // The answer goes out before the step is recorded.
        await().untilAsserted(() -> assertThat(journal().entries(journaled, Integer.MAX_VALUE))
                .filteredOn(entry -> entry.step() == Step.PUBLISH_REFUSED)
                .hasSize((int) messages)
                .extracting(Entry::client)
                .containsOnly(arn("cert/" + own.certificateId().value())));

        try (HttpClient device = device()) {
            for (Operation operation :
                    ofDevices().filter(OperationRequests::namesResource).toList()) {
                for (Asked attempt : OperationRequests.of(operation, values(own))) {
                    assertThat(ask(device, attempt)).as(attempt.toString()).isNotEqualTo(403);
                }
            }
        }
    }

    /** Operations that devices may ask for with their certificates. */
    private static Stream<Operation> ofDevices() {
        Stream<Operation> jobs = AllTables.of(cloud.broker()).stream()
                .flatMap(ForeignThingIT::served)
                .filter(ForeignThingIT::isOfJobs);
        return Stream.concat(served(AllTables.dataPlane(cloud.broker())), jobs);
    }

    private static boolean isOfJobs(Operation operation) {
        return operation.permissions().stream()
                .anyMatch(permission -> permission.action().startsWith("iotjobsdata:"));
    }

    /** The topics that services take requests at, for a thing. */
    private static List<String> requestTopics(String thing) {
        List<String> filters = new ArrayList<>(new ShadowTopics(TestShadows.on(cloud.broker())).requests());
        filters.addAll(AllTables.jobTopics(cloud.broker()));
        return filters.stream()
                .map(filter -> filter.replaceFirst("\\+", thing).replace("+", "config"))
                .toList();
    }

    @Test
    void device_does_nothing_with_another_thing_over_mqtt() throws Exception {
        List<String> before = rows();
        long journaled = journal().next();
        Mqtt5BlockingClient thief = client(OWN, own);
        thief.connect();
        List<String> topics = new ArrayList<>(requestTopics(OTHER));
        topics.addAll(
                List.of("pump-2/status", "$aws/things/pump-2/jobs/$next/get", "$aws/events/presence/connected/pump-2"));
        List<String> filters = new ArrayList<>(
                List.of("#", "+/#", "pump-2/#", "$aws/things/#", "$aws/things/+/shadow/#", "$aws/things/pump-2/#"));
        filters.addAll(List.of(
                "$aws/things/+/jobs/#",
                "$aws/things/pump-2/jobs/#",
                "$aws/things/pump-2/jobs/notify",
                "$aws/things/pump-2/jobs/notify-next",
                "$aws/things/pump-2/jobs/+/update/accepted",
                "$aws/events/job/#",
                "$aws/events/jobExecution/#"));
        requestTopics(OTHER).forEach(topic -> filters.addAll(List.of(topic + "/accepted", topic + "/rejected")));
        try (Mqtt5Publishes stolen = thief.publishes(MqttGlobalPublishFilter.ALL);
                Mqtt5Publishes heard = victim.publishes(MqttGlobalPublishFilter.ALL)) {
            for (String topic : topics) {
                assertThatThrownBy(() -> thief.publishWith()
                                .topic(topic)
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .payload("{}".getBytes(StandardCharsets.UTF_8))
                                .send())
                        .as(topic)
                        .isInstanceOf(Mqtt5PubAckException.class);
            }
            for (String filter : filters) {
                assertThatThrownBy(() -> thief.subscribeWith()
                                .topicFilter(filter)
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .send())
                        .as(filter)
                        .isInstanceOf(Mqtt5SubAckException.class);
            }
            assertThatThrownBy(() -> client(OTHER, own).connect()).isInstanceOf(Exception.class);
            assertThat(stolen.receiveNow()).isEmpty();
            assertThat(heard.receiveNow()).isEmpty();
        } finally {
            thief.disconnect();
        }

        assertThatTheOtherIsAsItWas(before);
        List<Entry> entries = journal().entries(journaled, Integer.MAX_VALUE);
        assertThat(entries)
                .filteredOn(entry -> entry.step() == Step.PUBLISH_REFUSED)
                .extracting(Entry::subject)
                .containsExactlyElementsOf(topics);
        assertThat(entries)
                .filteredOn(entry -> entry.step() == Step.SUBSCRIBE_REFUSED)
                .extracting(Entry::subject)
                .containsExactlyElementsOf(filters);
        assertThat(entries)
                .filteredOn(entry -> entry.step() == Step.CONNECT_REFUSED)
                .extracting(Entry::client)
                .containsExactly(OTHER);
    }

    @Test
    void certificate_opens_no_operation_of_another_service_not_even_on_its_own_thing() throws Exception {
        List<String> before = rows();
        Set<String> paths = ofDevices()
                .map(operation -> operation.method() + operation.uri())
                .collect(Collectors.toSet());
        try (HttpClient device = device()) {
            for (OperationTable table : AllTables.of(cloud.broker())) {
                if (table.model().startsWith("iot-data-")) {
                    continue;
                }
                for (Operation operation : table.operations()) {
                    // The jobs data plane is for devices, and the control plane has two of its paths.
                    if (paths.contains(operation.method() + operation.uri())) {
                        continue;
                    }
                    for (Asked attempt : OperationRequests.of(operation, values(own))) {
                        // A path that the data plane has with another method is one of its paths.
                        assertThat(ask(device, attempt)).as(attempt.toString()).isIn(403, 404, 405);
                    }
                }
            }
        }
        assertThatTheOtherIsAsItWas(before);
    }

    @Test
    void user_with_an_operation_on_one_thing_has_it_on_no_other() throws Exception {
        UnaryOperator<String> allowed = values(mine);
        List<String> before = rows();
        List<Asked> refused = new ArrayList<>();
        List<Asked> wanted = new ArrayList<>();
        for (OperationTable table : AllTables.of(cloud.broker())) {
            String service = table.signingNames().contains("iotdata")
                    ? "iotdata"
                    : table.signingNames().iterator().next();
            for (Operation operation :
                    served(table).filter(OperationRequests::namesResource).toList()) {
                StoredUser user = user(operation, allowed);
                List<Asked> attempts = new ArrayList<>(OperationRequests.of(operation, values(other)));
                for (String name : OperationRequests.names(operation)) {
                    attempts.addAll(OperationRequests.of(
                            operation, place -> (place.equals(name) ? values(other) : allowed).apply(place)));
                }
                for (Asked attempt : attempts) {
                    assertThat(ask(user, service, attempt))
                            .as(attempt.toString())
                            .isEqualTo(403);
                    refused.add(attempt);
                }
            }
        }
        System.out.println("requests of users for another thing: " + refused.size());
        assertThat(refused).hasSizeGreaterThanOrEqualTo(USER_ATTEMPTS);
        assertThatTheOtherIsAsItWas(before);

        for (OperationTable table : AllTables.of(cloud.broker())) {
            String service = table.signingNames().contains("iotdata")
                    ? "iotdata"
                    : table.signingNames().iterator().next();
            for (Operation operation :
                    served(table).filter(OperationRequests::namesResource).toList()) {
                StoredUser user = user(operation, allowed);
                wanted.addAll(OperationRequests.of(operation, allowed));
                for (Asked attempt : OperationRequests.of(operation, allowed)) {
                    assertThat(ask(user, service, attempt))
                            .as(attempt.toString())
                            .isNotEqualTo(403);
                }
            }
        }
        assertThat(wanted).isNotEmpty();
    }

    /** A user whose policy has this operation on this thing, and nothing else. */
    private static StoredUser user(Operation operation, UnaryOperator<String> allowed) throws Exception {
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":["
                + OperationRequests.statement(operation, allowed, arn("")) + "]}";
        StoredUser user = cloud.cloud().state().caller(new UserName("keeper"), policy);
        cloud.cloud().readStateAgain();
        return user;
    }
}
