package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client publishes to a service's topic goes to the service, and to nobody else. */
class ReservedTopicsTest {
    private static final String PUMP = "$aws/things/pump/echo/say";
    private static final String VALVE = "$aws/things/valve/echo/say";
    private static final String TOO_MUCH = "4003000197";

    private final EchoService echo = new EchoService();
    private final RecordedMessages told = new RecordedMessages();
    private @Nullable TestBroker open;

    @AfterEach
    void stop() throws IOException {
        echo.gate.countDown();
        if (open != null) {
            open.close();
        }
    }

    private TestBroker broker() {
        return broker(UnaryOperator.identity());
    }

    private TestBroker broker(UnaryOperator<BrokerSettings> change) {
        TestBroker started = TestBroker.serving(settings -> change.apply(settings.withMessages(told)), echo);
        open = started;
        return started;
    }

    private TestBroker broker(BrokerLimits.Requests requests) {
        return broker(settings -> settings.withLimits(settings.limits().withRequests(requests)));
    }

    private void awaitTaken(String... payloads) {
        await().untilAsserted(() -> assertThat(echo.payloads()).containsExactly(payloads));
    }

    private static byte[] say(int version, int packetId, String topic, String payload) {
        return Wire.publish1(version, packetId, topic, payload);
    }

    @Test
    void request_goes_to_the_service_and_to_no_subscriber_and_is_not_retained() throws Exception {
        TestBroker test = broker();
        RawClient exact = test.mqtt5().connect("exact").subscribe(PUMP);
        RawClient wide = test.mqtt3().connect("wide").subscribe("$aws/#");
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.retained(Wire.publish1(Wire.MQTT_5, 1, PUMP, "0300016a", Wire.hex("78"))));

        assertThat(client.next()).isEqualTo("40020001");
        awaitTaken("x");
        ReservedTopicService.Request request = echo.taken.getFirst();
        assertThat(request.clientId()).isEqualTo("a");
        assertThat(request.principal().id()).isEqualTo("certificate-1");
        assertThat(request.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(request.content().topic()).isEqualTo(PUMP);
        assertThat(request.content().describeProperties(99)).isEqualTo("contentType=j");
        assertThat(test.broker.counters().retained()).isZero();
        exact.expectNothing();
        wide.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {Wire.MQTT_3, Wire.MQTT_5})
    void answer_goes_to_the_requester_alone_who_does_not_subscribe(int version) throws Exception {
        TestBroker test = broker();
        RawClient watcher = test.mqtt5().connect("watcher").subscribe("$aws/#");
        RawClient client = test.raw(version).connect("a");

        client.send(say(version, 7, PUMP, "hello"));

        assertThat(client.next()).isEqualTo("40020007");
        RawClient.Publish answer = client.nextPublish();
        assertThat(answer).isEqualTo(new RawClient.Publish(false, 1, false, PUMP + "/accepted", 1, "", "hello"));
        client.send(Wire.pubAck(answer.packetId()));
        client.expectNothing();
        watcher.expectNothing();
        await().untilAsserted(() -> assertThat(told.lines)
                .containsExactly(
                        "published a " + PUMP + " 1 SUCCESS",
                        "published null " + PUMP + "/accepted 1 SUCCESS",
                        "sent a " + PUMP + "/accepted 1",
                        "acknowledged a " + PUMP + "/accepted 0"));
    }

    @Test
    void answer_needs_the_permission_to_receive() throws Exception {
        TestBroker test = broker();
        test.permissions = (action, resource) -> action != Action.RECEIVE;
        RawClient client = test.mqtt5().connect("a");

        client.send(say(Wire.MQTT_5, 1, PUMP, "x"));

        assertThat(client.next()).isEqualTo("40020001");
        await().until(() -> told.lines.contains("dropped a " + PUMP + "/accepted not_allowed"));
        client.expectNothing();
    }

    @Test
    void requests_of_one_thing_are_in_order_though_many_clients_publish_them() throws Exception {
        TestBroker test = broker();
        int each = 50;
        List<RawClient> clients = new ArrayList<>();
        List<Thread> publishers = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            clients.add(test.mqtt5().connect(name));
        }
        for (RawClient client : clients) {
            publishers.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 1; i <= each; i++) {
                        client.send(Wire.publish0(Wire.MQTT_5, PUMP, "" + i));
                    }
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            }));
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }

        await().until(() -> echo.taken.size() == clients.size() * each);
        assertThat(echo.disorder).isEmpty();
        for (String name : List.of("a", "b", "c", "d")) {
            assertThat(echo.taken.stream()
                            .filter(request -> request.clientId().equals(name))
                            .map(request -> Integer.parseInt(EchoService.payload(request))))
                    .isSorted()
                    .hasSize(each);
        }
    }

    @Test
    void other_things_go_on_while_one_blocks() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt3().connect("a");

        client.send(say(Wire.MQTT_3, 1, PUMP, "block"), say(Wire.MQTT_3, 2, PUMP, "later"));
        client.send(say(Wire.MQTT_3, 3, VALVE, "now"));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("40020002");
        assertThat(client.next()).isEqualTo("40020003");
        assertThat(client.nextPublish().payload()).isEqualTo("now");
        await().untilAsserted(() -> assertThat(echo.payloads()).contains("block", "now"));
        assertThat(echo.payloads()).doesNotContain("later");
        echo.gate.countDown();
        assertThat(client.nextPublish().payload()).isEqualTo("block");
        assertThat(client.nextPublish().payload()).isEqualTo("later");
    }

    @ParameterizedTest
    @CsvSource({"2, 100000", "100, 600"})
    void connection_has_a_bounded_number_and_size_of_requests_in_flight(int most, long bytes) throws Exception {
        TestBroker test = broker(new BrokerLimits.Requests(most, bytes, 100, 100_000));
        RawClient client = test.mqtt5().connect("a");
        client.send(say(Wire.MQTT_5, 1, PUMP, "block"), say(Wire.MQTT_5, 2, VALVE, "block"));
        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("40020002");

        client.send(say(Wire.MQTT_5, 1, VALVE, "too much"));

        assertThat(client.next()).isEqualTo(TOO_MUCH);
        assertThat(told.lines)
                .endsWith("published a " + VALVE + " 1 QUOTA_EXCEEDED", "dropped null " + VALVE + " no_room");
        RawClient other = test.mqtt5().connect("b");
        other.send(say(Wire.MQTT_5, 1, "$aws/things/other/echo/say", "fine"));
        assertThat(other.next()).isEqualTo("40020001");
        assertThat(other.nextPublish().payload()).isEqualTo("fine");
        echo.gate.countDown();
        assertThat(client.nextPublish().payload()).isEqualTo("block");
        assertThat(client.nextPublish().payload()).isEqualTo("block");
        await().until(() -> test.broker.counters().heldMessages() == 3);
        client.send(say(Wire.MQTT_5, 3, VALVE, "again"));
        assertThat(client.next()).isEqualTo("40020003");
        assertThat(echo.payloads()).doesNotContain("too much");
    }

    @Test
    void client_of_mqtt_3_is_not_told_of_a_request_that_is_too_many() throws Exception {
        TestBroker test = broker(new BrokerLimits.Requests(1, 100_000, 100, 100_000));
        RawClient client = test.mqtt3().connect("a");

        client.send(say(Wire.MQTT_3, 1, PUMP, "block"), say(Wire.MQTT_3, 2, PUMP, "too much"));

        assertThat(client.next()).isEqualTo("40020001");
        client.expectNothing();
    }

    @ParameterizedTest
    @CsvSource({"2, 100000", "100, 600"})
    void broker_has_a_bounded_number_and_size_of_requests_in_flight(int most, long bytes) throws Exception {
        TestBroker test = broker(new BrokerLimits.Requests(100, 100_000, most, bytes));
        for (String name : List.of("a", "b")) {
            RawClient client = test.mqtt5().connect(name);
            client.send(say(Wire.MQTT_5, 1, PUMP, "block"));
            assertThat(client.next()).isEqualTo("40020001");
        }
        RawClient third = test.mqtt5().connect("c");

        third.send(say(Wire.MQTT_5, 1, PUMP, "too much"));

        assertThat(third.next()).isEqualTo(TOO_MUCH);
    }

    @Test
    void requests_are_on_the_account_of_what_the_broker_holds() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt5().connect("a");

        client.send(say(Wire.MQTT_5, 1, PUMP, "block"));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(test.broker.counters().heldMessages()).isOne();
        echo.gate.countDown();
        client.send(Wire.pubAck(client.nextPublish().packetId()));
        await().until(() -> test.broker.counters().heldMessages() == 0
                && test.broker.counters().heldBytes() == 0);
    }

    @Test
    void request_that_policies_refuse_does_not_reach_the_service() throws Exception {
        TestBroker test = broker();
        test.permissions = (action, resource) -> action != Action.PUBLISH || !resource.equals(PUMP);
        RawClient client = test.mqtt5().connect("a");

        client.send(say(Wire.MQTT_5, 1, PUMP, "secret"), say(Wire.MQTT_5, 2, VALVE, "fine"));

        assertThat(client.next()).isEqualTo("4003000187");
        assertThat(client.next()).isEqualTo("40020002");
        awaitTaken("fine");
    }

    @Test
    void connection_that_took_over_gets_no_answer_of_the_one_before() throws Exception {
        TestBroker test = broker();
        RawClient first = test.mqtt5().connect("a");
        first.send(say(Wire.MQTT_5, 1, PUMP, "block"));
        assertThat(first.next()).isEqualTo("40020001");
        RawClient second = test.mqtt5().connect("a").subscribe("$aws/#");

        echo.gate.countDown();

        await().until(() -> told.lines.contains("dropped a " + PUMP + "/accepted away"));
        second.expectNothing();
        assertThat(first.next()).isEqualTo("e0018e");
        assertThat(first.next()).isEqualTo(RawClient.CLOSED);
    }

    @Test
    void persistent_session_does_not_keep_an_answer() throws Exception {
        TestBroker test = broker();
        RawClient gone = test.mqtt3();
        gone.send(Wire.connect(Wire.MQTT_3, "a", 0, 60, ""));
        assertThat(gone.next()).isEqualTo("20020000");
        gone.send(say(Wire.MQTT_3, 1, PUMP, "block"));
        assertThat(gone.next()).isEqualTo("40020001");
        gone.send(Wire.disconnect());
        assertThat(gone.next()).isEqualTo(RawClient.CLOSED);

        echo.gate.countDown();

        await().until(() -> told.lines.contains("dropped a " + PUMP + "/accepted away"));
        RawClient back = test.mqtt3();
        back.send(Wire.connect(Wire.MQTT_3, "a", 0, 60, ""));
        assertThat(back.next()).isEqualTo("20020100");
        back.expectNothing();
    }

    @Test
    void service_that_throws_ends_one_request_alone() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt5().connect("a");

        client.send(say(Wire.MQTT_5, 1, PUMP, "throw"), say(Wire.MQTT_5, 2, PUMP, "next"));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("40020002");
        assertThat(client.nextPublish().payload()).isEqualTo("next");
    }

    @Test
    void service_that_knows_no_order_is_asked_all_the_same() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt5().connect("a");

        client.send(say(Wire.MQTT_5, 1, "$aws/things/unordered/echo/say", "x"));

        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.nextPublish().payload()).isEqualTo("x");
    }

    @Test
    void services_and_requests_that_wait_outlast_a_restart() throws Exception {
        TestBroker test = broker();
        RawClient before = test.mqtt5().connect("a");
        before.send(say(Wire.MQTT_5, 1, PUMP, "block"), say(Wire.MQTT_5, 2, PUMP, "waits"));
        assertThat(before.next()).isEqualTo("40020001");
        assertThat(before.next()).isEqualTo("40020002");

        test.broker.restart(Duration.ZERO);
        RawClient after = test.mqtt5().connect("a");
        after.send(say(Wire.MQTT_5, 1, PUMP, "after"));
        assertThat(after.next()).isEqualTo("40020001");
        echo.gate.countDown();

        awaitTaken("block", "waits", "after");
        assertThat(after.nextPublish().payload()).isEqualTo("after");
        after.expectNothing();
    }

    @Test
    void broker_that_is_closed_hands_nothing_over_any_more() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt5().connect("a");
        client.send(say(Wire.MQTT_5, 1, PUMP, "block"), say(Wire.MQTT_5, 2, PUMP, "waits"));
        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("40020002");
        awaitTaken("block");

        test.broker.close();
        echo.gate.countDown();

        await().until(() -> told.lines.contains("dropped a " + PUMP + "/accepted away"));
        assertThat(echo.payloads()).containsExactly("block");
    }

    @Test
    void request_that_expires_while_it_waits_is_not_handed_over() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt5().connect("a");
        String expiresInTwoSeconds = "0200000002";
        client.send(
                say(Wire.MQTT_5, 1, PUMP, "block"),
                Wire.publish1(Wire.MQTT_5, 2, PUMP, expiresInTwoSeconds, Wire.hex("78")),
                say(Wire.MQTT_5, 3, PUMP, "last"));
        assertThat(client.next()).isEqualTo("40020001");
        assertThat(client.next()).isEqualTo("40020002");
        assertThat(client.next()).isEqualTo("40020003");

        test.clock.advance(Duration.ofSeconds(3));
        echo.gate.countDown();

        awaitTaken("block", "last");
        assertThat(told.lines).contains("dropped null " + PUMP + " expired");
    }

    @Test
    void last_will_is_a_request_too() throws Exception {
        TestBroker test = broker();
        RawClient watcher = test.mqtt5().connect("watcher").subscribe("$aws/#");
        RawClient dying = test.mqtt5();
        dying.send(Wire.connect(Wire.MQTT_5, "d", 0x26, 60, "", Wire.will(Wire.MQTT_5, PUMP, "gone")));
        assertThat(dying.next()).startsWith("20");

        dying.close();

        awaitTaken("gone");
        assertThat(echo.taken.getFirst().clientId()).isEqualTo("d");
        assertThat(echo.taken.getFirst().principal().id()).isEqualTo("certificate-1");
        assertThat(test.broker.counters().retained()).isZero();
        watcher.expectNothing();
    }

    @Test
    void data_plane_publishes_requests_too() throws Exception {
        TestBroker test = broker(new BrokerLimits.Requests(100, 100_000, 3, 100_000));
        RawClient watcher = test.mqtt5().connect("watcher").subscribe("$aws/#");
        Messages.Outgoing request = new Messages.Outgoing(
                Publication.of(PUMP, "block".getBytes(StandardCharsets.UTF_8)),
                Qos.AT_MOST_ONCE,
                Messages.Retention.RETAINED,
                OptionalLong.empty());

        assertThat(test.broker.messages().publish(request)).isEqualTo(Messages.Outcome.TAKEN);
        assertThat(test.broker.messages().publish(request)).isEqualTo(Messages.Outcome.NO_ROOM);

        awaitTaken("block");
        assertThat(echo.taken.getFirst().clientId()).isEmpty();
        assertThat(told.lines).startsWith("published null " + PUMP + " 0 SUCCESS");
        watcher.expectNothing();
        RawClient device = test.mqtt5().connect("a");
        device.send(say(Wire.MQTT_5, 1, VALVE, "devices keep the other half"));
        assertThat(device.next()).isEqualTo("40020001");
        assertThat(device.nextPublish().payload()).startsWith("devices");
    }

    @Test
    void topic_that_nobody_serves_is_no_topic_for_the_data_plane() {
        Messages messages = broker().broker.messages();

        for (String topic : List.of("$aws/things/x/unknown", PUMP + "/accepted", "$aws/events/x", "$SYS/x")) {
            assertThat(messages.publish(new Messages.Outgoing(
                            Publication.of(topic, new byte[0]),
                            Qos.AT_LEAST_ONCE,
                            Messages.Retention.NONE,
                            OptionalLong.empty())))
                    .isEqualTo(Messages.Outcome.RESERVED);
        }
    }

    @Test
    void filter_that_a_service_refuses_ends_the_connection() throws Exception {
        TestBroker test = broker();
        RawClient client = test.mqtt5().connect("a").subscribe("$aws/things/pump/echo/say/accepted");

        client.send(Wire.subscribe(Wire.MQTT_5, 2, 1, "a/b", "$share/g/$aws/things/+/echo/say"));

        assertThat(client.next()).isEqualTo("e0018f");
        assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        assertThat(test.log.lines).anyMatch(line -> line.contains("the service of these topics has no such filter"));
    }

    @Test
    void service_is_told_of_reserved_filters_that_were_granted() throws Exception {
        TestBroker test = broker();
        test.permissions = (action, resource) -> !resource.contains("secret");
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.subscribe(
                Wire.MQTT_5,
                2,
                1,
                "a/b",
                "$aws/things/secret/echo/said",
                "$aws/things/pump/echo/said",
                "$share/g/$aws/things/+/told"));

        assertThat(client.next()).startsWith("90");
        assertThat(echo.subscribed).containsExactly("$aws/things/pump/echo/said", "$aws/things/+/told");
    }

    @Test
    void filter_that_policies_refuse_too_is_refused_by_them() throws Exception {
        TestBroker test = broker();
        test.permissions = (action, resource) -> action != Action.SUBSCRIBE;
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.subscribe(Wire.MQTT_5, 2, 1, "$aws/things/+/echo/say"));

        assertThat(client.next()).isEqualTo("900400020087");
        client.expectNothing();
        assertThat(test.log.lines)
                .filteredOn(line -> line.startsWith("refused"))
                .hasSize(1);
    }

    @Test
    void request_with_the_flag_retain_needs_the_permission_to_retain() throws Exception {
        TestBroker test = broker();
        test.permissions = (action, resource) -> action != Action.RETAIN_PUBLISH;
        RawClient client = test.mqtt5().connect("a");

        client.send(Wire.retained(say(Wire.MQTT_5, 1, PUMP, "x")));

        assertThat(client.next()).isEqualTo("4003000187");
        assertThat(echo.taken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"$aws/things/+/echo/say", "$aws/things/pump/+/say", "$aws/things/pump/echo/say", "$aws/+/+/+/+"})
    void services_do_not_share_a_topic(String template) {
        ReservedServices services = new ReservedServices();
        services.add(new EchoService());
        services.add(new EchoService("$aws/things/+/other/say"));
        services.add(new EchoService("$aws/things/+/echo/say/more"));

        assertThatIllegalArgumentException().isThrownBy(() -> services.add(new EchoService(template)));
        assertThat(services.ownerOf("$aws/things/pump/echo/say/more")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "$aws", "$aws/#", "$aws/things/#", "$aws/rules/r/+", "$aws/events/x", "$aws/a+/b"})
    void service_owns_only_what_is_below_aws(String template) {
        ReservedServices services = new ReservedServices();

        assertThatIllegalArgumentException().isThrownBy(() -> services.add(new EchoService(template)));
    }

    @Test
    void answers_of_services_stay_theirs_whatever_another_service_owns() {
        ReservedServices services = new ReservedServices();
        services.add(new EchoService("$aws/commands/things/+/executions/+/response/+"));

        assertThat(services.ownerOf("$aws/commands/things/x/executions/e/response/json"))
                .isNotNull();
        assertThat(services.ownerOf("$aws/commands/things/x/executions/e/response/accepted"))
                .isNull();
    }

    @Test
    void service_cannot_come_later_than_the_start() throws Exception {
        Broker started = broker().broker;

        assertThatIllegalStateException().isThrownBy(() -> started.serve(new EchoService("$aws/x/+/y")));
    }

    @Test
    void eight_slashes_are_fine_where_a_service_listens() throws Exception {
        EchoService commands = new EchoService("$aws/commands/things/+/executions/+/response/result/+");
        TestBroker test = TestBroker.serving(UnaryOperator.identity(), commands);
        open = test;
        RawClient client = test.mqtt5().connect("a");

        client.send(say(Wire.MQTT_5, 1, "$aws/commands/things/x/executions/e/response/result/json", "{}"));

        assertThat(client.next()).isEqualTo("40020001");
        await().until(() -> commands.payloads().equals(List.of("{}")));
    }

    @Test
    void requests_of_a_connection_beyond_what_the_service_takes_of_one_thing_are_refused_in_order() throws Exception {
        TestBroker test = broker();
        echo.maxInFlight = 2;
        RawClient client = test.mqtt3().connect("a");
        RawClient other = test.mqtt3().connect("b");

        client.send(Wire.publish0(Wire.MQTT_3, PUMP, "block"));
        for (String payload : List.of("second", "third", "fourth")) {
            client.send(Wire.publish0(Wire.MQTT_3, PUMP, payload));
        }
        client.send(Wire.publish0(Wire.MQTT_3, VALVE, "of another thing"));
        other.send(Wire.publish0(Wire.MQTT_3, PUMP, "of another connection"));

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawClient.Publish answer = client.nextPublish();
            answers.add(answer.topic() + " " + answer.payload());
        }
        assertThat(answers)
                .containsSubsequence(PUMP + "/rejected third", PUMP + "/rejected fourth")
                .contains(VALVE + "/accepted of another thing");
        echo.gate.countDown();
        assertThat(client.nextPublish().payload()).isEqualTo("block");
        assertThat(client.nextPublish().payload()).isEqualTo("second");
        assertThat(other.nextPublish().payload()).isEqualTo("of another connection");
        client.send(Wire.publish0(Wire.MQTT_3, PUMP, "again"));
        assertThat(client.nextPublish().topic()).isEqualTo(PUMP + "/accepted");
    }

    @Test
    void request_counts_as_so_many_publishes_of_the_account_as_the_service_says() throws Exception {
        TestBroker test = broker(settings -> settings.withLimits(
                settings.limits().withRates(new BrokerLimits.Rates(0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0))));
        echo.publishes = 4;
        RawClient client = test.mqtt5().connect("a");

        client.send(say(Wire.MQTT_5, 1, PUMP, "counts as four"));
        client.send(say(Wire.MQTT_5, 2, PUMP, "too much"));
        client.send(say(Wire.MQTT_5, 3, "t", "the fifth"));

        List<String> answers = List.of(client.next(), client.next(), client.next(), client.next());
        assertThat(answers).contains("40020001", "4003000297", "40020003");
        awaitTaken("counts as four");
    }
}
