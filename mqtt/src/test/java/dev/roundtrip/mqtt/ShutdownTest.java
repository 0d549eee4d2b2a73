package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private static final int ROUNDS = 5;

    @Test
    void close_says_goodbye_and_leaves_nothing_behind() throws IOException {
        TestBroker test = new TestBroker();
        RawClient mqtt5 = test.mqtt5().connect("a");
        RawClient mqtt3 = test.mqtt3().connect("b");
        RawClient stranger = test.mqtt5();
        int port = test.broker.devicePort();

        test.broker.close();

        assertThat(mqtt5.next()).isEqualTo("e0018b");
        assertThat(mqtt5.next()).isEqualTo(RawClient.CLOSED);
        assertThat(mqtt3.next()).isEqualTo(RawClient.CLOSED);
        assertThat(stranger.next()).isEqualTo(RawClient.CLOSED);
        assertThatIOException().isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        await().until(ShutdownTest::hasNoThread);
        test.close();
    }

    @Test
    void broker_listens_on_the_loopback_address_only() throws IOException {
        try (TestBroker test = new TestBroker()) {
            InetAddress elsewhere = InetAddress.getByName("127.0.0.2");

            assertThatIOException().isThrownBy(() -> new Socket(elsewhere, test.broker.devicePort()).close());
            assertThatIOException().isThrownBy(() -> new Socket(elsewhere, test.broker.gatewayPort()).close());
        }
    }

    @Test
    void taken_port_is_an_io_exception_and_leaves_nothing_running() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            Broker broker = new Broker(BrokerSettings.of(TestBroker.AUTHORITY.server(), new NoAuthentication())
                    .withGatewayAddress(address));

            assertThatIOException().isThrownBy(broker::start);

            await().until(ShutdownTest::hasNoThread);
        }
    }

    @Test
    void broker_that_was_not_started_has_no_port() throws Exception {
        try (Broker broker = new Broker(BrokerSettings.of(TestBroker.AUTHORITY.server(), new NoAuthentication()))) {
            assertThatIllegalStateException().isThrownBy(broker::devicePort);
        }
    }

    @Test
    void direct_message_after_the_broker_stopped_finds_nobody() throws Exception {
        TestBroker test = new TestBroker();
        test.putToSleep("away", "t");
        RawClient here = test.mqtt5();
        here.send(Wire.connect(Wire.MQTT_5, "here", 0, 60, "1100000e10"));
        assertThat(here.next()).startsWith("20");

        test.close();

        for (String client : List.of("away", "here")) {
            assertThat(send(test, client).get()).isEqualTo(DirectOutcome.NOT_CONNECTED);
            assertThat(test.broker.connections().disconnect(client, DisconnectReason.FORBIDDEN_ACCESS))
                    .isFalse();
            assertThat(test.broker.connections().cut(client)).isFalse();
            assertThat(test.broker.connections().delete(client, Set.of(Connections.Forgotten.SESSION)))
                    .isFalse();
        }
    }

    @Test
    void direct_messages_that_are_sent_while_the_broker_stops_have_an_outcome() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            TestBroker test = new TestBroker();
            test.mqtt5().connect("a");
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<List<CompletableFuture<DirectOutcome>>> sending =
                    CompletableFuture.supplyAsync(() -> sendUntilNobodyIsThere(test, begun));

            begun.await();
            test.close();

            for (CompletableFuture<DirectOutcome> outcome : sending.get()) {
                assertThat(outcome.get())
                        .isIn(DirectOutcome.UNCONFIRMED, DirectOutcome.NOT_CONNECTED, DirectOutcome.THROTTLED);
            }
            assertThat(test.broker.counters().heldBytes()).isZero();
        }
    }

    private static List<CompletableFuture<DirectOutcome>> sendUntilNobodyIsThere(
            TestBroker test, CountDownLatch begun) {
        List<CompletableFuture<DirectOutcome>> outcomes = new ArrayList<>();
        do {
            outcomes.add(send(test, "a"));
            begun.countDown();
        } while (outcomes.getLast().getNow(DirectOutcome.UNCONFIRMED) != DirectOutcome.NOT_CONNECTED);
        return outcomes;
    }

    private static CompletableFuture<DirectOutcome> send(TestBroker test, String client) {
        DirectMessage message =
                new DirectMessage(Publication.of("t", new byte[10]), Qos.AT_LEAST_ONCE, Duration.ofMinutes(1));
        return test.broker.connections().send(client, message).toCompletableFuture();
    }

    private static boolean hasNoThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("broker"));
    }
}
