package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A broker that listens for devices on a second address. */
class FurtherAddressTest {
    /** On Linux each address of 127.0.0.0/8 is this machine's. */
    private static final String FURTHER = "127.0.0.2";

    @BeforeAll
    static void look_for_the_address() {
        try (ServerSocket any = new ServerSocket()) {
            any.bind(new InetSocketAddress(FURTHER, 0));
        } catch (IOException missing) {
            assumeTrue(false, "this machine has no address " + FURTHER);
        }
    }

    private static TestBroker listeningThereToo() throws IOException {
        List<InetAddress> further = List.of(InetAddress.getByName(FURTHER));
        return new TestBroker(settings -> settings.withFurtherDeviceHosts(further));
    }

    private static Socket connect(int port) throws IOException {
        return TestBroker.deviceTls().getSocketFactory().createSocket(FURTHER, port);
    }

    @Test
    void devices_connect_on_the_same_port_of_both_addresses() throws IOException {
        try (TestBroker test = listeningThereToo();
                Socket further = connect(test.broker.devicePort())) {
            test.mqtt5().connect("near");

            further.getOutputStream().write(Wire.connect(Wire.MQTT_3, "far"));

            assertThat(further.getInputStream().readNBytes(4)).containsExactly(0x20, 2, 0, 0);
        }
    }

    @Test
    void gateways_do_not_connect_there() throws IOException {
        try (TestBroker test = listeningThereToo()) {
            assertThatThrownBy(() -> new Socket(FURTHER, test.broker.gatewayPort()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void broker_that_starts_again_listens_there_again_and_a_closed_one_does_not() throws Exception {
        TestBroker test = listeningThereToo();
        int port = test.broker.devicePort();

        test.broker.restart(Duration.ZERO);
        new Socket(FURTHER, port).close();
        test.close();

        assertThatThrownBy(() -> new Socket(FURTHER, port).close()).isInstanceOf(ConnectException.class);
    }

    @Test
    void address_that_is_taken_leaves_nothing_running() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(FURTHER, 0));
            int port = taken.getLocalPort();
            BrokerSettings settings = BrokerSettings.of(TestBroker.AUTHORITY.server(), new NoAuthentication())
                    .withDeviceAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .withFurtherDeviceHosts(List.of(InetAddress.getByName(FURTHER)));

            assertThatIOException()
                    .isThrownBy(() -> new Broker(settings).start())
                    .withMessageContaining(FURTHER + ":" + port);

            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
        }
    }
}
