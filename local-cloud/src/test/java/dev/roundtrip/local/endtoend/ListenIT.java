package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.device.transport.Endpoint;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A local cloud for boards on the desk: it listens for devices beyond the loopback address, and for nothing else. */
class ListenIT {
    private static final String LOOPBACK = "127.0.0.1:";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Programs programs;

    @BeforeEach
    void begin() {
        programs = new Programs(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    /** An address of this machine's network. */
    private static String network() throws Exception {
        Optional<InetAddress> found = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
        assumeTrue(found.isPresent(), "this machine has no network, so that nothing can be listened to beyond it");
        return found.get().getHostAddress();
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-process", "process"})
    void nothing_but_the_port_for_devices_listens_beyond_the_loopback_address(String runtime) throws Exception {
        String network = network();

        Programs.Started cloud = programs.start(
                Map.of(), "--listen", network, "--device", "pump", "--presence-queries", "allow", "--runtime", runtime);

        // after a call, so that each process of the function runs
        Map<String, String> environment = programs.environment();
        Process call = programs.client(
                environment, environment.get("API_ENDPOINT") + "?target=pump&method=echo&request=1&timeout=20");
        assertThat(Programs.output(call)).contains("\"result\":\"ok\"");
        int devices = Endpoint.of(Objects.requireNonNull(environment.get("IOT_ENDPOINT")))
                .port();
        int gateways = Endpoint.of(Objects.requireNonNull(environment.get("IOT_WSS_ENDPOINT")))
                .port();
        int api = URI.create(environment.get("API_ENDPOINT")).getPort();
        List<String> listeners = Listeners.of(cloud.process().toHandle());
        assertThat(listeners)
                .contains(network + ":" + devices, LOOPBACK + devices, LOOPBACK + gateways, LOOPBACK + api)
                .filteredOn(listener -> !listener.startsWith(LOOPBACK))
                .containsExactly(network + ":" + devices);
        for (int port : new int[] {gateways, api}) {
            assertThatThrownBy(() -> new Socket(network, port).close()).isInstanceOf(ConnectException.class);
        }
        assertThat(cloud.banner())
                .anyMatch(line -> line.startsWith("Warning: other machines reach") && line.contains(network))
                .anyMatch(line -> line.matches(" +" + devices + " +" + network + ":" + devices + " +devices of .*"));
    }

    @Test
    void board_connects_by_the_address_that_the_certificate_has() throws Exception {
        String network = network();
        programs.start(Map.of(), "--listen", network);
        assertThat(Programs.output(programs.localCloud("provision", "board", "--state", "state")))
                .contains("new");
        Map<String, String> environment = programs.environment();
        String things = directory.resolve("state/things/board").toString();

        Process board = programs.simulator(
                "--endpoint",
                network + ":"
                        + Endpoint.of(Objects.requireNonNull(environment.get("IOT_ENDPOINT")))
                                .port(),
                "--ca",
                Objects.requireNonNull(environment.get("IOT_CA")),
                "--cert",
                things + "/certificate.pem",
                "--key",
                things + "/private.key",
                "--client-id",
                "board");
        Programs.until(board.inputReader(), "Waiting for command ...");

        Process call = programs.client(
                environment, environment.get("API_ENDPOINT") + "?target=board&method=greet&request=hello&timeout=20");
        assertThat(Programs.output(call)).contains("\"result\":\"ok\"");
    }

    @Test
    void nothing_listens_beyond_the_loopback_address_unless_it_is_asked_for() throws Exception {
        String network = network();

        Programs.Started cloud = programs.start(Map.of());

        int devices = Endpoint.of(Objects.requireNonNull(programs.environment().get("IOT_ENDPOINT")))
                .port();
        assertThat(Listeners.of(cloud.process().toHandle()))
                .isNotEmpty()
                .allMatch(listener -> listener.startsWith(LOOPBACK));
        assertThatThrownBy(() -> new Socket(network, devices).close()).isInstanceOf(ConnectException.class);
        assertThat(cloud.banner()).noneMatch(line -> line.contains("Warning"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "203.0.113.77"})
    void address_that_the_machine_does_not_have_is_refused_with_those_that_it_has(String address) throws Exception {
        String network = network();

        Process cloud = programs.localCloud("start", "--listen", address, "--state", "state");

        assertThat(Programs.output(cloud)).isEmpty();
        assertThat(cloud.exitValue()).isEqualTo(2);
        assertThat(programs.errors(cloud)).contains("--listen", "'" + address + "'", "it has ", network);
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void other_broker_listens_where_it_wants() throws Exception {
        Process cloud = programs.localCloud("start", "--listen", network(), "--broker", "localhost:1");

        assertThat(Programs.output(cloud)).isEmpty();
        assertThat(cloud.exitValue()).isEqualTo(2);
        assertThat(programs.errors(cloud)).contains("--listen goes with the broker of the local cloud");
    }
}
