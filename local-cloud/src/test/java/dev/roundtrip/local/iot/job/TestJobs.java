package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.app.AccountOperations;
import dev.roundtrip.local.http.GatewayClient;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.http.operation.UriTemplate;
import dev.roundtrip.local.iot.authorization.KnownPrincipals;
import dev.roundtrip.local.iot.authorization.NamedPolicy;
import dev.roundtrip.local.iot.control.ControlPlane;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Jobs beside a broker, with a clock that a test moves: MQTT, the control plane below {@code /}, and the data plane of
 * jobs below {@code /data}. The things pump and valve are registered.
 */
final class TestJobs implements AutoCloseable {
    static final long START = 1_000_000;
    static final String ARN = "arn:aws:iot:us-east-1:000000000000:";
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 512 * 1024);

    final MovableClock clock = new MovableClock(Instant.ofEpochSecond(START));
    final TestBroker broker;
    final Registry registry;
    final List<RequestAuthentication.Access> asked = new CopyOnWriteArrayList<>();
    volatile String denied = "";
    volatile String deniedResource = "none";

    @SuppressWarnings("NullAway.Init") // set while the broker is made
    Jobs jobs;

    @SuppressWarnings("NullAway.Init") // set while the broker is made
    OperationTable table;

    private final GatewayClient http;

    private static final KnownPrincipals NOBODY = new KnownPrincipals() {
        @Override
        public Optional<Known> find(String arn, String clientId) {
            return Optional.empty();
        }

        @Override
        public Optional<NamedPolicy> policy(String name) {
            return Optional.empty();
        }
    };

    TestJobs(TableStore tables) {
        this(tables, JobLimits.NONE, DocumentValues.NONE);
    }

    TestJobs(TableStore tables, JobLimits limits, DocumentValues values) {
        registry = new Registry(tables, new Account("us-east-1"), InstantSource.system());
        broker = new TestGateway(
                        made -> {
                            jobs = new Jobs(tables, made.servicePublisher(), clock, registry, limits, values);
                            made.serve(new JobTopics(jobs));
                            table = ControlPlane.of(registry, Authority.inMemory(Instant.now()), new RsaKeys(), clock)
                                    .serving(AccountOperations.of(
                                            tables,
                                            registry,
                                            new ThingGroups(tables, registry),
                                            clock,
                                            () -> "",
                                            NOBODY))
                                    .serving(JobOperations.of(jobs));
                            jobs.start();
                            List<Operation> all = new ArrayList<>(table.operations());
                            JobsDataPlane.of(jobs).operations().stream()
                                    .filter(operation -> operation.handler() != null)
                                    .forEach(operation -> all.add(below(operation)));
                            return new OperationTable("both", "none", Set.of("iot"), LIMITS, all);
                        },
                        this::authenticate,
                        UnaryOperator.identity())
                .broker;
        http = new GatewayClient(broker);
        try {
            for (String thing : List.of("pump", "valve")) {
                var unused = new ThingRegistry(registry).create(thing, "", Map.of());
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Two operations of the two services have the same path and name. */
    private static Operation below(Operation operation) {
        return new Operation(
                "Data" + operation.name(),
                operation.method(),
                UriTemplate.of("/data" + operation.uri()),
                operation.permissions(),
                operation.input(),
                operation.handler());
    }

    private RequestAuthentication.Outcome authenticate(SignedRequest request, InetAddress source) {
        return new RequestAuthentication.Known(access -> {
            asked.add(access);
            return !access.action().equals(denied)
                    && !denied.equals("*")
                    && !access.resource().equals(deniedResource);
        });
    }

    /** The operations on jobs and executions that are served, as they are asked for here. */
    List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        JobOperations.of(jobs).forEach(all::add);
        JobsDataPlane.of(jobs).operations().stream()
                .filter(operation -> operation.handler() != null)
                .forEach(operation -> all.add(below(operation)));
        return all;
    }

    void advance(Duration duration) {
        clock.advance(duration);
    }

    /** @param body JSON in which ' stands for " */
    Answer ask(String method, String path, String body) {
        return send(method, path, quoted(body));
    }

    Answer send(String method, String path, String body) {
        return http.ask(method, path, body);
    }

    /** Makes a job on things, whose document is {@code {"do":"<id>"}}.
     *
     * @param more further members
     */
    void create(String id, String more, String... things) {
        StringBuilder targets = new StringBuilder();
        for (String thing : things) {
            targets.append(targets.isEmpty() ? "" : ",")
                    .append('\'')
                    .append(ARN)
                    .append("thing/")
                    .append(thing)
                    .append('\'');
        }
        var unused = ask(
                        "PUT",
                        "/jobs/" + id,
                        "{'targets':[" + targets + "],'document':'{\\'do\\':\\'" + id + "\\'}'" + more + "}")
                .ok();
    }

    void create(String id) {
        create(id, "", "pump");
    }

    JsonNode job(String id) {
        return ask("GET", "/jobs/" + id, "").ok().body().path("job");
    }

    /** JSON in which ' stands for ". */
    static String quoted(String json) {
        return json.replace('\'', '"');
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(quoted(text));
    }

    static void publish(RawClient client, String topic, String payload) throws IOException {
        client.send(Wire.publish0(Wire.MQTT_5, topic, quoted(payload)));
    }

    static void expect(RawClient client, String topic, String payload) throws IOException {
        RawClient.Publish message = client.nextPublish();
        assertThat(message.topic()).isEqualTo(topic);
        assertThat(JSON.readTree(message.payload())).as(topic).isEqualTo(json(payload));
    }

    @Override
    public void close() throws IOException {
        http.close();
        broker.close();
    }
}
