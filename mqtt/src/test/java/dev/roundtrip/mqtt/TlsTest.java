package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private final TestBroker test = new TestBroker();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void both_versions_of_tls_are_spoken(String version) throws IOException {
        try (SSLSocket socket = (SSLSocket) TestBroker.deviceTls()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), test.broker.devicePort())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();

            socket.getOutputStream().write(Wire.connect(Wire.MQTT_3, "a"));

            assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x20, 2, 0, 0);
        }
    }

    @Test
    void device_without_a_certificate_is_not_let_in() throws Exception {
        expectRefused(TestBroker.AUTHORITY.client());
    }

    @Test
    void device_of_another_authority_is_not_let_in() throws Exception {
        SSLContext stranger = SSLContext.getInstance("TLS");
        stranger.init(
                TestAuthority.keys(new TestAuthority().identity("stranger")).getKeyManagers(),
                TestBroker.AUTHORITY.trust().getTrustManagers(),
                null);

        expectRefused(stranger);
    }

    @Test
    void device_with_an_expired_certificate_is_not_let_in() throws Exception {
        expectRefused(TestBroker.AUTHORITY.client(
                TestBroker.AUTHORITY.identity("expired", Instant.now().minus(Duration.ofHours(1)))));
    }

    @Test
    void device_whose_certificate_nobody_knows_is_not_let_in() throws IOException {
        test.knowsEverybody = false;

        expectRefused(TestBroker.deviceTls());
    }

    @Test
    void stranger_who_does_not_finish_is_closed() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), test.broker.devicePort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(0x16);
            test.mqtt5().connect("a");

            test.clock.advance(Duration.ofSeconds(10));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private void expectRefused(SSLContext tls) {
        assertThatIOException().isThrownBy(() -> {
            try (RawClient client = new RawClient(tls, test.broker.devicePort(), Wire.MQTT_5)) {
                client.send(Wire.connect(Wire.MQTT_5, "a"));
                if (client.next().equals(RawClient.CLOSED)) {
                    throw new IOException("closed");
                }
            }
        });
        assertThat(test.broker.counters().connected()).isZero();
    }
}
