package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class InvokeHandlerTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private InvokeHandler handler(int port) {
        Settings settings = Settings.from(
                Map.of("WSS_ENDPOINT", "127.0.0.1:" + port, "CLIENT_ID_PREFIX", "gw", "AWS_REGION", "eu-west-1"));
        return new InvokeHandler(settings, new GatewayCredentials.Fixed("AKID", "secret", null), lines::add);
    }

    @Test
    void start_that_is_interrupted_says_nothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.currentThread().interrupt();

            try (InvokeHandler stopped = handler(silent.getLocalPort())) {
                assertThat(Thread.interrupted()).isTrue();
                assertThat(stopped.waitingCalls()).isZero();
            }
        }

        assertThat(lines).isEmpty();
    }

    @Test
    void start_without_a_broker_says_so() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }

        handler(port).close();

        assertThat(lines).last().asString().contains("not connected at the start");
    }
}
