package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.JournalSettings;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Device;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The steps of calls, as the journal has them. */
class JournalIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<String, String> PER_CALL = Map.of("ACK_SUBSCRIPTION", "per-call");

    private static final Map<Step, Integer> PLAIN_CALL = Map.of(
            Step.RECEIVED,
            1,
            Step.AUTHORIZED,
            1,
            Step.HANDED_OVER,
            1,
            Step.PUBLISHED,
            2,
            Step.MATCHED,
            2,
            Step.SENT,
            2,
            Step.ACKNOWLEDGED,
            2,
            Step.TOLD,
            1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private @Nullable TestCloud open;

    @AfterEach
    void stop() {
        if (open != null) {
            open.close();
        }
    }

    private TestCloud start(UnaryOperator<LocalCloudSettings> change) throws Exception {
        TestCloud started = TestCloud.start(state, settings -> change.apply(settings.withFunction(PER_CALL)));
        open = started;
        return started;
    }

    private TestCloud start() throws Exception {
        return start(UnaryOperator.identity());
    }

    private static Journal journal(TestCloud cloud) {
        return Objects.requireNonNull(cloud.cloud().journal(), "the journal is off");
    }

    private static List<Entry> since(TestCloud cloud, long from) {
        return journal(cloud).entries(from, Integer.MAX_VALUE);
    }

    private static List<Step> steps(List<Entry> entries) {
        return entries.stream().map(Entry::step).toList();
    }

    private static Entry only(List<Entry> entries, Step step) {
        List<Entry> found =
                entries.stream().filter(entry -> entry.step() == step).toList();
        assertThat(found).as(step.name()).hasSize(1);
        return found.getFirst();
    }

    /** A device that is there, and a gateway that has made its first call. */
    private static long warm(TestCloud cloud) throws Exception {
        cloud.device("pump");
        assertThat(cloud.get("target=pump&method=echo&request=warm&timeout=10").statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE).until(() -> acknowledged(since(cloud, 0)) == 2);
        return journal(cloud).next();
    }

    private static long acknowledged(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.step() == Step.ACKNOWLEDGED)
                .count();
    }

    private static String text(Entry entry) {
        return new String(Objects.requireNonNull(entry.payload()), UTF_8);
    }

    @Test
    void plain_call_has_twelve_steps() throws Exception {
        TestCloud cloud = start();
        long from = warm(cloud);

        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=10");

        await().atMost(PATIENCE).until(() -> acknowledged(since(cloud, from)) == 2);
        List<Entry> entries = since(cloud, from);
        assertThat(entries).hasSize(12);
        List<Entry> inOrder = entries.stream()
                .filter(entry -> entry.step() != Step.ACKNOWLEDGED)
                .toList();
        assertThat(steps(inOrder))
                .containsExactly(
                        Step.RECEIVED,
                        Step.AUTHORIZED,
                        Step.HANDED_OVER,
                        Step.PUBLISHED,
                        Step.MATCHED,
                        Step.SENT,
                        Step.PUBLISHED,
                        Step.MATCHED,
                        Step.SENT,
                        Step.TOLD);
        String requestId = answer.headers().firstValue("x-amzn-RequestId").orElseThrow();
        String id = answer.headers().firstValue("X-Invocation-Id").orElseThrow();
        String request = "pump/echo/roundtrip/" + id;
        String reply = "roundtrip/" + id + "/pump/echo/ack";
        assertThat(inOrder)
                .extracting(Entry::subject)
                .containsExactly(
                        requestId, requestId, requestId, request, request, request, reply, reply, reply, requestId);
        assertThat(inOrder.get(0).detail()).isEqualTo("GET /Prod/invoke");
        assertThat(inOrder.get(1).client()).isEqualTo("arn:aws:iam::000000000000:user/local");
        assertThat(inOrder.get(3).client()).startsWith("roundtrip.");
        assertThat(inOrder.get(3).code()).isZero();
        assertThat(text(inOrder.get(3))).contains("\"request\":\"hi\"");
        assertThat(inOrder.get(4).client()).isEqualTo("pump");
        assertThat(inOrder.get(5).code()).isEqualTo(1);
        assertThat(inOrder.get(6).client()).isEqualTo("pump");
        assertThat(inOrder.get(6).detail()).contains("contentType=application/json");
        assertThat(inOrder.get(7).client()).startsWith("roundtrip.");
        assertThat(inOrder.get(7).detail()).isEqualTo("roundtrip/" + id + "/+/+/ack");
        assertThat(inOrder.get(9).detail()).isEqualTo(id);
        assertThat(inOrder.get(9).code()).isEqualTo(200);
        assertThat(text(inOrder.get(9))).isEqualTo(answer.body());
        Map<String, String> acknowledged = new HashMap<>();
        entries.stream()
                .filter(entry -> entry.step() == Step.ACKNOWLEDGED)
                .forEach(entry -> acknowledged.put(entry.subject(), entry.client()));
        assertThat(acknowledged).containsEntry(request, "pump").containsOnlyKeys(request, reply);
        assertThat(LongStream.range(from, from + 12).boxed())
                .isEqualTo(entries.stream().map(Entry::sequence).toList());
    }

    @Test
    void request_that_nobody_hears_is_unmatched() throws Exception {
        TestCloud cloud = start();
        long from = warm(cloud);

        HttpResponse<String> answer = cloud.get("target=nobody&method=echo&request=hi&timeout=1");

        assertThat(answer.statusCode()).isEqualTo(504);
        List<Entry> entries = since(cloud, from);
        assertThat(steps(entries))
                .containsExactly(
                        Step.RECEIVED, Step.AUTHORIZED, Step.HANDED_OVER, Step.PUBLISHED, Step.UNMATCHED, Step.TOLD);
        assertThat(only(entries, Step.UNMATCHED).subject()).startsWith("nobody/echo/roundtrip/");
        assertThat(only(entries, Step.TOLD).code()).isEqualTo(504);
    }

    @Test
    void call_that_a_policy_refuses_names_the_statement() throws Exception {
        TestCloud cloud = start();
        StoredUser alice = cloud.cloud()
                .state()
                .caller(
                        new UserName("alice"),
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"NoEcho\",\"Effect\":\"Deny\","
                                + "\"Action\":\"execute-api:Invoke\",\"Resource\":\"*\"}]}");
        cloud.cloud().readStateAgain();
        long from = journal(cloud).next();

        HttpResponse<String> answer =
                cloud.send(signer(cloud, alice.credentials().secretAccessKey(), alice)
                        .sign(UnsignedRequest.get(cloud.cloud().apiEndpoint() + "/pump/echo?request=x")));

        assertThat(answer.statusCode()).isEqualTo(403);
        List<Entry> entries = since(cloud, from);
        assertThat(steps(entries)).containsExactly(Step.RECEIVED, Step.REFUSED);
        Entry refused = only(entries, Step.REFUSED);
        assertThat(refused.client()).isEqualTo("arn:aws:iam::000000000000:user/alice");
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.detail())
                .startsWith("AccessDeniedException: execute-api:Invoke on arn:aws:execute-api:")
                .contains("NoEcho");
    }

    private static RequestSigner signer(TestCloud cloud, String secret, StoredUser user) {
        return new RequestSigner(
                AwsCredentialsIdentity.create(user.credentials().accessKeyId(), secret), cloud.scope());
    }

    @Test
    void request_with_a_wrong_signature_has_no_signer() throws Exception {
        TestCloud cloud = start();
        StoredUser alice = cloud.cloud()
                .state()
                .caller(
                        new UserName("alice"),
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                + "\"Action\":\"execute-api:Invoke\",\"Resource\":\"*\"}]}");
        cloud.cloud().readStateAgain();
        long from = journal(cloud).next();

        HttpResponse<String> answer = cloud.send(signer(cloud, "another-secret", alice)
                .sign(UnsignedRequest.get(cloud.cloud().apiEndpoint() + "/pump/echo?request=x")));

        assertThat(answer.statusCode()).isEqualTo(403);
        List<Entry> entries = since(cloud, from);
        assertThat(steps(entries)).containsExactly(Step.RECEIVED, Step.REFUSED);
        assertThat(only(entries, Step.REFUSED).client()).isNull();
        assertThat(only(entries, Step.REFUSED).detail()).isEqualTo("InvalidSignatureException");
    }

    @Test
    void request_that_is_refused_before_it_was_read_whole_has_its_steps() throws Exception {
        TestCloud cloud = start();
        URI api = cloud.cloud().apiEndpoint();
        long from = journal(cloud).next();

        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.getOutputStream()
                    .write("POST /Prod/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n".getBytes(UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        List<Entry> entries = since(cloud, from);
        assertThat(steps(entries)).containsExactly(Step.RECEIVED, Step.REFUSED, Step.REFUSED);
        assertThat(entries.get(0).detail()).isEqualTo("POST /Prod/invoke");
        assertThat(entries.get(1).detail()).isEqualTo("MissingAuthenticationTokenException");
        assertThat(entries.get(2).detail()).isEqualTo("BadRequestException");
        assertThat(entries.get(2).code()).isEqualTo(400);
    }

    @Test
    void clients_come_subscribe_and_go() throws Exception {
        TestCloud cloud = start();
        Device device = cloud.device("pump");
        device.close();
        await().atMost(PATIENCE).until(() -> steps(since(cloud, 0)).contains(Step.DISCONNECTED));

        List<Entry> entries = since(cloud, 0).stream()
                .filter(entry -> "pump".equals(entry.client()))
                .toList();
        assertThat(steps(entries)).startsWith(Step.CONNECTED, Step.SUBSCRIBED).endsWith(Step.DISCONNECTED);
        assertThat(only(entries, Step.CONNECTED).detail()).isEqualTo("MQTT 5");
        assertThat(only(entries, Step.SUBSCRIBED).subject()).startsWith("pump/");
        assertThat(only(entries, Step.DISCONNECTED).detail()).isEqualTo("CLIENT_INITIATED_DISCONNECT");
    }

    @Test
    void fault_that_touches_a_message_is_a_step() throws Exception {
        BrokerChoice.Own dropping =
                new BrokerChoice.Own(BrokerLimits.local()).withFaults(FaultSpec.parse("seed=1,drop=1"));
        TestCloud cloud = start(settings -> settings.withBroker(dropping));
        cloud.device("pump");

        assertThat(cloud.get("target=pump&method=echo&request=hi&timeout=1").statusCode())
                .isEqualTo(504);

        Entry fault = only(since(cloud, 0), Step.FAULT);
        assertThat(fault.client()).isEqualTo("pump");
        assertThat(fault.subject()).startsWith("pump/echo/roundtrip/");
        assertThat(fault.detail()).isEqualTo("drop");
    }

    @Test
    void publish_that_a_policy_refuses_names_the_topic() throws Exception {
        TestCloud cloud = start();
        Thing thing = cloud.thing("pump");
        cloud.edit(thing.files().policy(), policy -> policy.replace("iot:Publish", "iot:RetainPublish"));
        cloud.device("pump");

        assertThat(cloud.get("target=pump&method=echo&request=hi&timeout=1").statusCode())
                .isEqualTo(504);

        Entry refused = only(since(cloud, 0), Step.PUBLISH_REFUSED);
        assertThat(refused.client()).isEqualTo("pump");
        assertThat(refused.subject()).startsWith("roundtrip/").endsWith("/pump/echo/ack");
        assertThat(refused.code()).isEqualTo(0x87);
        assertThat(refused.detail()).isNotEmpty();
    }

    @Test
    void journal_may_be_off_or_without_payloads() throws Exception {
        try (TestCloud cloud = TestCloud.start(state, settings -> settings.withJournal(JournalSettings.OFF))) {
            assertThat(cloud.cloud().journal()).isNull();
            cloud.device("pump");
            assertThat(cloud.get("target=pump&method=echo&request=hi&timeout=10")
                            .statusCode())
                    .isEqualTo(200);
        }

        TestCloud cloud = start(settings -> settings.withJournal(JournalSettings.DEFAULT.withoutPayloads()));
        cloud.device("pump");
        cloud.get("target=pump&method=echo&request=hi&timeout=10");

        Entry told = only(since(cloud, 0), Step.TOLD);
        assertThat(told.payload()).isNull();
        assertThat(told.payloadLength()).isPositive();
    }

    @Test
    void four_event_loops_lose_nothing() throws Exception {
        int callers = 16;
        int each = 150;
        BrokerChoice.Own four = new BrokerChoice.Own(BrokerLimits.local()).withEventLoops(4);
        TestCloud cloud = start(settings -> settings.withBroker(four));
        for (int device = 0; device < 4; device++) {
            cloud.device("pump-" + device);
        }

        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                String target = "pump-" + caller % 4;
                ends.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        assertThat(cloud.get("target=" + target + "&method=echo&request=hi&timeout=25")
                                        .statusCode())
                                .isEqualTo(200);
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }

        int calls = callers * each;
        await().atMost(PATIENCE).until(() -> acknowledged(since(cloud, 0)) >= 2L * calls);
        List<Entry> entries = since(cloud, 0);
        assertThat(entries.stream().map(Entry::sequence))
                .isEqualTo(LongStream.range(0, journal(cloud).next()).boxed().toList());
        assertThat(byCall(entries))
                .hasSize(calls)
                .allSatisfy((id, steps) -> assertThat(steps).isEqualTo(PLAIN_CALL));
    }

    /** How often each call has each step. */
    private static Map<String, Map<Step, Integer>> byCall(List<Entry> entries) {
        Map<String, String> idByRequest = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.step() == Step.TOLD) {
                idByRequest.put(entry.subject(), entry.detail());
            }
        }
        Map<String, Map<Step, Integer>> calls = new HashMap<>();
        for (Entry entry : entries) {
            String id = callOf(entry, idByRequest);
            if (id != null) {
                calls.computeIfAbsent(id, absent -> new EnumMap<>(Step.class)).merge(entry.step(), 1, Integer::sum);
            }
        }
        return calls;
    }

    private static @Nullable String callOf(Entry entry, Map<String, String> idByRequest) {
        String[] levels = String.valueOf(entry.subject()).split("/", -1);
        return switch (entry.step()) {
            case RECEIVED, AUTHORIZED, HANDED_OVER, TOLD -> idByRequest.get(entry.subject());
            case PUBLISHED, MATCHED, SENT, ACKNOWLEDGED -> levels[0].equals("roundtrip") ? levels[1] : levels[3];
            case CONNECTED, SUBSCRIBED -> null;
            default -> "unexpected " + entry.step();
        };
    }
}
