package dev.roundtrip.local.iot.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.GatewayClient;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpServices;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationService;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.job.JobsDataPlane;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.ServicePublisher;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.Wire;
import dev.roundtrip.mqtt.packet.Publication;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Commands beside a broker, over MQTT and HTTP, with a clock that a test moves. */
final class TestCommands implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    static final String THING = "arn:aws:iot:us-east-1:000000000000:thing/pump";
    static final String CLIENT = "arn:aws:iot:us-east-1:000000000000:client/app-7";
    static final String COMMAND = "arn:aws:iot:us-east-1:000000000000:command/open";
    private static final JsonMapper JSON = new JsonMapper();

    final MovableClock clock = new MovableClock(NOON);
    final List<RequestAuthentication.Access> asked = new CopyOnWriteArrayList<>();
    final List<Operation> operations;
    final TestBroker broker;
    /** The resource that is not allowed; {@code *} for all. */
    volatile String denied = "none";

    volatile boolean conflicts;
    /** Whether the process ends when a request is to be handed over to the broker. */
    volatile boolean killed;

    private final GatewayClient http;
    private final CopyOnWriteArrayList<Operation> served = new CopyOnWriteArrayList<>();

    TestCommands(TableStore tables) {
        broker = new TestGateway(UnaryOperator.identity(), made -> {
                    CommandService commands = CommandService.start(new CommandEnvironment(
                            tables,
                            new Account("us-east-1"),
                            killable(made.servicePublisher()),
                            clock,
                            name -> !name.equals("nobody"),
                            () -> conflicts));
                    made.serve(commands.topics());
                    served.addAll(commands.controlPlane());
                    served.addAll(commands.dataPlane());
                    return new HttpServices(
                            service(control(commands)),
                            service(JobsDataPlane.unserved().serving(commands.dataPlane())));
                })
                .broker;
        operations = List.copyOf(served);
        http = new GatewayClient(broker);
    }

    private ServicePublisher killable(ServicePublisher publisher) {
        return new ServicePublisher() {
            @Override
            public boolean hasReceivers(String topic) {
                return publisher.hasReceivers(topic);
            }

            @Override
            public void publish(Publication content) {
                publisher.publish(content);
            }

            @Override
            public void publish(Publication content, Duration expiry) {
                if (killed) {
                    throw new IllegalStateException("the process ends");
                }
                publisher.publish(content, expiry);
            }
        };
    }

    private static OperationTable control(CommandService commands) {
        return new OperationTable(
                "control",
                "iot-2015-05-28",
                Set.of("iot"),
                new HttpLimits(8192, 16_384, 524_288),
                commands.controlPlane());
    }

    private OperationService service(OperationTable table) {
        return new OperationService(
                table, table.signingNames().iterator().next(), this::authenticate, () -> true, TestGateway.UNREAD);
    }

    private RequestAuthentication.Outcome authenticate(SignedRequest request, InetAddress source) {
        return new RequestAuthentication.Known(access -> {
            asked.add(access);
            return !denied.equals("*") && !access.resource().equals(denied);
        });
    }

    /** Asks the control plane; ' stands for ". */
    Answer control(String method, String path, String body) {
        return ask("iot", method, path, body);
    }

    /** Asks the data plane; ' stands for ". */
    Answer data(String method, String path, String body) {
        return ask("iot-jobs-data", method, path, body);
    }

    Answer ask(String service, String method, String path, String body) {
        return http.ask(
                method,
                path,
                quoted(body),
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKID/20261128/us-east-1/" + service
                        + "/aws4_request, SignedHeaders=host, Signature=00");
    }

    static String quoted(String json) {
        return json.replace('\'', '"');
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(quoted(text));
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(quoted(text).getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a command with a JSON payload. */
    void command(String id) {
        Answer made = control(
                "PUT",
                "/commands/" + id,
                "{'payload':{'content':'" + base64("{'open':true}") + "','contentType':'application/json'}}");
        assertThat(made.status()).as(made.toString()).isEqualTo(200);
    }

    Answer start(String target, String more) {
        return data(
                "POST",
                "/command-executions",
                "{'commandArn':'" + COMMAND + "','targetArn':'" + target + "'" + more + "}");
    }

    /** The id of an execution of the command {@code open} that is started. */
    String started(String target) {
        Answer started = start(target, "");
        assertThat(started.status()).as(started.toString()).isEqualTo(200);
        return started.text("executionId");
    }

    Answer execution(String id, String target) {
        return control("GET", "/command-executions/" + id + "?includeResult=true&targetArn=" + target, "");
    }

    static String topic(String id) {
        return "$aws/commands/things/pump/executions/" + id + "/response/json";
    }

    /** Publishes an update, and returns what is answered: the last two levels of the topic but the format, and the body.
     */
    String update(RawClient device, String topic, String payload) throws IOException {
        return update(device, topic, quoted(payload).getBytes(StandardCharsets.UTF_8));
    }

    /** A PUBLISH with QoS 0, which no PUBACK answers. */
    static byte[] publish(String topic, byte[] payload) {
        return Wire.packet(0x30, Wire.text(topic), new byte[] {0}, payload);
    }

    String update(RawClient device, String topic, byte[] payload) throws IOException {
        device.send(publish(topic, payload));
        RawClient.Publish answer = device.nextPublish();
        assertThat(answer.topic()).startsWith(topic.substring(0, topic.indexOf("/response") + 9));
        device.send(Wire.pubAck(answer.packetId()));
        JsonNode body = JSON.readTree(answer.payload());
        return answer.topic().contains("/accepted")
                ? "accepted"
                : body.path("error").asText();
    }

    @Override
    public void close() throws IOException {
        http.close();
        broker.close();
    }
}
