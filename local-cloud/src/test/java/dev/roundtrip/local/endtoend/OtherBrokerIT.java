package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The API front and the function against a broker that is there already: mosquitto, where it is installed. */
class OtherBrokerIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    static boolean hasMosquitto() {
        return mosquitto() != null;
    }

    private static @org.jspecify.annotations.Nullable Path mosquitto() {
        return Stream.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    @Test
    @EnabledIf(value = "hasMosquitto", disabledReason = "mosquitto is not installed")
    void mosquitto_carries_a_call() throws Exception {
        StateDirectory state = StateDirectory.open(directory.resolve("state"));
        Thing pump = state.provision(new Target("pump"), new ClientPrefix("roundtrip"));
        TlsIdentity server = state.serverIdentity();
        Path key = Files.writeString(
                directory.resolve("key.pem"), pem("PRIVATE KEY", server.key().getEncoded()));
        StringBuilder chain = new StringBuilder();
        for (X509Certificate certificate : server.chain()) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        Path certificate = Files.writeString(directory.resolve("certificate.pem"), chain);
        int webSockets = FreePort.any();
        int devices = FreePort.any();
        String tls = "certfile %s%nkeyfile %s%ncafile %s%n".formatted(certificate, key, state.authorityFile());
        Path configuration = Files.writeString(
                directory.resolve("mosquitto.conf"),
                "per_listener_settings true%nuser root%n".formatted()
                        + "listener %d 127.0.0.1%nprotocol websockets%nallow_anonymous true%n%s"
                                .formatted(webSockets, tls)
                        + "listener %d 127.0.0.1%nrequire_certificate true%nuse_identity_as_username true%n%s"
                                .formatted(devices, tls));
        Process mosquitto = new ProcessBuilder(String.valueOf(mosquitto()), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("mosquitto.log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> accepts(webSockets) && accepts(devices));
            BrokerChoice other = new BrokerChoice.Other("localhost:" + webSockets, state.authorityFile());
            try (TestCloud cloud = TestCloud.start(directory.resolve("state"), settings -> settings.withBroker(other));
                    Device device = Device.connect(
                            DeviceSettings.of(new Login(
                                    pump.name(),
                                    new Endpoint("localhost", devices),
                                    new TlsFiles(
                                            state.authorityFile(),
                                            pump.files().certificate(),
                                            pump.files().privateKey()))),
                            Behaviour.honest())) {
                device.awaitReady(Duration.ofSeconds(20));

                HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=10");

                assertThat(answer.statusCode())
                        .as(answer.body() + Files.readString(directory.resolve("mosquitto.log")))
                        .isEqualTo(200);
                assertThat(json(answer).path("response").textValue()).isEqualTo("hi");
            }
        } finally {
            mosquitto.destroy();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
