package dev.roundtrip.local.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.RunningLock;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisionerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Target PUMP = new Target("pump");
    private static final Target VALVE = new Target("valve");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final List<String> log = new CopyOnWriteArrayList<>();

    private StateDirectory state() throws StateException {
        return StateDirectory.open(directory);
    }

    private Provisioner provisioner() throws StateException {
        return Provisioner.open(state(), LocalCloudSettings.PREFIX);
    }

    /** A local cloud as the command starts it. */
    private final class Running implements AutoCloseable {
        private final RunningLock lock;
        private final LocalCloud cloud;

        Running(LocalCloudSettings settings) throws Exception {
            this.lock = state().claim();
            this.cloud = LocalCloud.start(settings, "eu-central-1");
            Path unused = cloud.writeEnvironment();
        }

        void connect(Thing thing) throws Exception {
            try (Device device = Device.connect(
                    DeviceSettings.of(SimulatedDevices.login(cloud, thing)),
                    Behaviour.honest(),
                    CommandListener.none())) {
                device.awaitReady(PATIENCE);
            }
        }

        @Override
        public void close() {
            cloud.close();
            lock.close();
        }
    }

    private Running start() throws Exception {
        return new Running(LocalCloudSettings.of(directory, log::add));
    }

    private static List<String> files(Thing thing) throws IOException {
        try (Stream<Path> files = Files.list(thing.files().directory())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void running_cloud_is_asked_over_its_control_plane_and_knows_the_thing_at_once() throws Exception {
        try (Running running = start();
                Provisioner provisioner = provisioner()) {
            Thing pump = provisioner.provision(PUMP);

            assertThat(files(pump)).containsExactly("certificate.pem", "policy.json", "private.key", "thing.json");
            running.connect(pump);
        }
    }

    @Test
    void without_a_running_cloud_the_thing_is_made_in_the_tables_and_a_later_cloud_knows_it() throws Exception {
        Thing pump;
        try (Provisioner provisioner = provisioner()) {
            pump = provisioner.provision(PUMP);
        }

        assertThat(files(pump)).containsExactly("certificate.pem", "policy.json", "private.key", "thing.json");
        try (Running running = start()) {
            running.connect(pump);
        }
    }

    @Test
    void cloud_that_starts_in_between_knows_what_is_made_after() throws Exception {
        try (Provisioner provisioner = provisioner()) {
            Thing pump = provisioner.provision(PUMP);
            try (Running running = start()) {
                Thing valve = provisioner.provision(VALVE);

                running.connect(pump);
                running.connect(valve);
            }
        }
    }

    @Test
    void cloud_that_stops_in_between_leaves_the_rest_to_the_tables() throws Exception {
        Running first = start();
        try (Provisioner provisioner = provisioner()) {
            Thing pump = provisioner.provision(PUMP);
            first.close();

            Thing valve = provisioner.provision(VALVE);

            try (Running second = start()) {
                second.connect(pump);
                second.connect(valve);
            }
        }
    }

    @Test
    void cloud_with_another_broker_has_no_control_plane_and_the_thing_is_made_in_the_tables() throws Exception {
        LocalCloudSettings settings =
                LocalCloudSettings.of(directory, log::add).withBroker(new BrokerChoice.Other("127.0.0.1:1", null));

        try (Running running = new Running(settings);
                Provisioner provisioner = provisioner()) {
            assertThat(provisioner.provision(PUMP).name()).isEqualTo(PUMP);
            assertThat(running.cloud.broker()).isNull();
        }
    }

    @Test
    void thing_that_is_made_anew_has_another_certificate_and_the_old_one_is_refused() throws Exception {
        try (Running running = start();
                Provisioner provisioner = provisioner()) {
            Thing old = provisioner.provision(PUMP);
            Path kept = Files.copy(old.files().certificate(), directory.resolve("old.pem"));

            Thing anew = provisioner.replace(PUMP);

            running.connect(anew);
            assertThat(anew.certificateId()).isNotEqualTo(old.certificateId());
            assertThat(anew.files().certificate()).content().isNotEqualTo(Files.readString(kept));
            running.cloud.readStateAgain();
            assertThat(running.cloud.state().find(PUMP).orElseThrow().certificateId())
                    .isEqualTo(anew.certificateId());
        }
    }

    @Test
    void thing_that_is_there_stays_as_it_is() throws Exception {
        try (Provisioner provisioner = provisioner()) {
            Thing pump = provisioner.provision(PUMP);
            String key = Files.readString(pump.files().privateKey());

            Thing again = provisioner.provision(PUMP);

            assertThat(again.certificateId()).isEqualTo(pump.certificateId());
            assertThat(again.files().privateKey()).content().isEqualTo(key);
        }
    }

    @Test
    void thing_named_like_the_gateway_is_refused_before_anything_is_made() throws Exception {
        try (Provisioner provisioner = provisioner()) {
            assertThatThrownBy(() -> provisioner.provision(new Target(LocalCloudSettings.PREFIX.value())))
                    .isInstanceOf(StateException.class)
                    .hasMessageStartingWith("a thing must not be named");
            assertThat(state().thingNames()).isEmpty();
        }
    }
}
