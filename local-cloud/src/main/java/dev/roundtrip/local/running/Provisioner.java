package dev.roundtrip.local.running;

import dev.roundtrip.local.app.Provisioning;
import dev.roundtrip.local.app.Provisioning.OwnTables;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingRegistration;
import dev.roundtrip.local.running.ControlPlaneRegistration.NotReachedException;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes things over the control plane of the local cloud that runs with a state directory, and in the tables of the
 * directory where none runs. A local cloud may start and stop in between: it and this see each other's changes. Not
 * thread-safe.
 */
public final class Provisioner implements AutoCloseable {
    private final StateDirectory state;
    private final ClientPrefix prefix;
    private @Nullable ControlPlaneRegistration running;
    private @Nullable OwnTables own;

    private Provisioner(StateDirectory state, ClientPrefix prefix, @Nullable ControlPlaneRegistration running) {
        this.state = state;
        this.prefix = prefix;
        this.running = running;
    }

    /** Finds out whether a local cloud runs.
     *
     * @param prefix of the gateway that things may answer
     */
    public static Provisioner open(StateDirectory state, ClientPrefix prefix) throws StateException {
        Map<String, String> environment = state.readEnvironment();
        String endpoint = environment.get("AWS_ENDPOINT_URL_IOT");
        String region = environment.get("AWS_REGION");
        boolean asks = endpoint != null && region != null && state.isRunning();
        return new Provisioner(
                state,
                prefix,
                asks
                        ? new ControlPlaneRegistration(
                                URI.create(String.valueOf(endpoint)),
                                Account.of(String.valueOf(region)),
                                state.credentials())
                        : null);
    }

    /** Makes a thing in one of the two ways. */
    private interface Making {
        Thing by(Provisioning provisioning) throws StateException;
    }

    /** As {@link Provisioning#provision}. */
    public Thing provision(Target name) throws StateException {
        return make(provisioning -> provisioning.provision(name));
    }

    /** As {@link Provisioning#replace}. */
    public Thing replace(Target name) throws StateException {
        return make(provisioning -> provisioning.replace(name));
    }

    private Thing make(Making making) throws StateException {
        ControlPlaneRegistration cloud = running;
        if (cloud != null) {
            try {
                return making.by(by(cloud));
            } catch (NotReachedException stopped) {
                cloud.close();
                running = null;
            }
        }
        return making.by(by(own().registration()));
    }

    private Provisioning by(ThingRegistration registration) {
        return new Provisioning(state, registration, prefix);
    }

    private OwnTables own() throws StateException {
        OwnTables opened = own;
        if (opened == null) {
            opened = OwnTables.open(state);
            own = opened;
        }
        return opened;
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
        if (own != null) {
            own.close();
        }
    }
}
