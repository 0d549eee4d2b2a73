package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.operation.OperationService;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.PlainExchange;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.control.ControlPlane;
import dev.roundtrip.local.iot.group.GroupOperations;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.mqtt.Permissions;
import dev.roundtrip.mqtt.Principal;
import dev.roundtrip.mqtt.ReservedTopicService;
import dev.roundtrip.mqtt.ServicePublisher;
import dev.roundtrip.mqtt.packet.Properties;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Registry and jobs as operations and topics, without sockets, and what things are told, in short. A restart makes all
 * of it anew over the same rows.
 */
final class PropertyService implements ServicePublisher {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Principal DEVICE = new Principal() {
        @Override
        public String id() {
            return "device";
        }

        @Override
        public @Nullable String thingName() {
            return null;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            throw new AssertionError("the service asks for no permissions");
        }
    };

    private static final Authority AUTHORITY = Authority.inMemory(Instant.ofEpochSecond(TestJobs.START));

    final InMemoryTables tables = new InMemoryTables();
    final List<String> heard = new ArrayList<>();
    MovableClock clock = new MovableClock(Instant.ofEpochSecond(TestJobs.START));
    private OperationService controlPlane;
    private OperationService dataPlane;
    private JobTopics topics;

    PropertyService() {
        restart();
    }

    void restart() {
        clock = new MovableClock(clock.instant());
        Registry registry = new Registry(tables, new Account("us-east-1"), clock);
        ThingGroups groups = new ThingGroups(tables, registry);
        Jobs jobs = new Jobs(tables, this, clock, registry, JobLimits.NONE, DocumentValues.NONE);
        jobs.start();
        topics = new JobTopics(jobs);
        controlPlane = service(ControlPlane.of(registry, AUTHORITY, new RsaKeys(), clock)
                .serving(new GroupOperations(groups, registry.account(), clock).operations())
                .serving(JobOperations.of(jobs)));
        dataPlane = service(JobsDataPlane.of(jobs));
    }

    private static OperationService service(OperationTable table) {
        return new OperationService(
                table,
                "test",
                (request, source) -> new RequestAuthentication.Known(access -> true),
                () -> true,
                new RefusedRequests(new BoundedLog(line -> {})));
    }

    /** Asks the control plane.
     *
     * @param body JSON in which ' stands for "
     * @return whether it is served; anything but a refusal by the service is a failure of the test
     */
    boolean ask(String method, String target, String body) {
        return isServed(PlainExchange.ask(controlPlane, method, target, body.replace('\'', '"')));
    }

    /** Asks the data plane over HTTP. */
    boolean askData(String method, String target, String body) {
        return isServed(PlainExchange.ask(dataPlane, method, target, body.replace('\'', '"')));
    }

    private static boolean isServed(HttpReply reply) {
        if (reply.status() != 200 && reply.status() / 100 != 4) {
            throw new AssertionError(reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8));
        }
        return reply.status() == 200;
    }

    /** Asks over MQTT.
     *
     * @param topic below the jobs of the thing
     */
    boolean publish(String thing, String topic, String body) {
        String whole = "$aws/things/" + thing + "/jobs/" + topic;
        byte[] payload = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        List<String> answers = new ArrayList<>();
        topics.take(
                new ReservedTopicService.Request(
                        thing, DEVICE, Publication.of(whole, Properties.NONE, payload), Qos.AT_LEAST_ONCE),
                answer -> answers.add(answer.topic()));
        if (answers.size() != 1) {
            throw new AssertionError("answers to " + whole + ": " + answers);
        }
        return answers.getFirst().endsWith("/accepted");
    }

    @Override
    public boolean hasReceivers(String topic) {
        return true;
    }

    @Override
    public void publish(Publication content) {
        String[] levels = content.topic().split("/", -1);
        if (levels[1].equals("things")) {
            heard.add(levels[2] + " " + levels[4] + " " + shown(levels[4], json(content)));
        }
    }

    @Override
    public void publish(Publication content, Duration expiry) {
        publish(content);
    }

    private static JsonNode json(Publication content) {
        try {
            return JSON.readTree(content.payload());
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static Object shown(String verb, JsonNode told) {
        if (verb.equals("notify-next")) {
            JsonNode next = told.path("execution");
            return next.isMissingNode()
                    ? "none"
                    : shown(next, next.path("status").asText());
        }
        List<String> all = new ArrayList<>();
        for (String status : List.of("IN_PROGRESS", "QUEUED")) {
            told.path("jobs").path(status).forEach(each -> all.add(shown(each, status)));
        }
        return all;
    }

    private static String shown(JsonNode execution, String status) {
        return execution.path("jobId").asText() + "#"
                + execution.path("executionNumber").asText() + " " + status;
    }
}
