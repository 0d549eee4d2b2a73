package dev.roundtrip.local.app;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.DeviceCharacter;
import dev.roundtrip.simulator.Fleet;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Devices of a local cloud, simulated in the same process. */
public final class SimulatedDevices {
    private static final Duration READY_LIMIT = Duration.ofSeconds(10);

    private SimulatedDevices() {}

    /** Provisions and connects devices that do as they are told, and waits until they hear commands.
     *
     * @throws StartException when one cannot be provisioned
     * @throws NotReadyException when one does not connect; none stays connected then
     */
    public static Fleet connect(LocalCloud cloud, List<Target> names)
            throws StartException, NotReadyException, InterruptedException {
        return connect(cloud, names, DeviceCharacter.of(Behaviour.honest()));
    }

    /** The same with devices that do more, or something else.
     *
     * @throws StartException when one cannot be provisioned
     * @throws NotReadyException when one does not connect; none stays connected then
     */
    public static Fleet connect(LocalCloud cloud, List<Target> names, DeviceCharacter character)
            throws StartException, NotReadyException, InterruptedException {
        List<DeviceSettings> settings = new ArrayList<>();
        for (Target name : names) {
            settings.add(DeviceSettings.of(login(cloud, cloud.provision(name))));
        }
        return Fleet.connect(settings, character, READY_LIMIT);
    }

    /** How a thing logs in to the broker of its cloud. */
    public static Login login(LocalCloud cloud, Thing thing) {
        return login(cloud.state(), Endpoint.of(cloud.iotEndpoint()), thing);
    }

    /** How a thing of a state directory logs in to a broker. */
    static Login login(StateDirectory state, Endpoint broker, Thing thing) {
        TlsFiles tls = new TlsFiles(
                state.authorityFile(),
                thing.files().certificate(),
                thing.files().privateKey());
        return new Login(thing.name(), broker, tls);
    }
}
