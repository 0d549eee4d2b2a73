package dev.roundtrip.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ShutdownTest {
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

    private static boolean hasNoThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("broker"));
    }
}
