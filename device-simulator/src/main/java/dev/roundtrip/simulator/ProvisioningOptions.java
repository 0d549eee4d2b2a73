package dev.roundtrip.simulator;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.operation.CertificatePort;
import dev.roundtrip.device.provisioning.FleetProvisioning;
import dev.roundtrip.device.provisioning.ProvisioningException;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.work.Rotation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of devices that get an identity of their own at their first start. */
final class ProvisioningOptions {
    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "Get an identity by this provisioning template of AWS IoT at the first start. --cert and"
                    + " --key are the claim certificate then, and --client-id connects with it. Needs --identity.")
    private @Nullable String template;

    @Option(
            names = "--parameter",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the template. May be given several times. '{name}' in the value is replaced"
                    + " by the --client-id.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--identity",
            paramLabel = "DIR",
            description = "The directory of the identity: thing.json, certificate.pem and private.key. Later starts"
                    + " find it there. '{name}' in the path is replaced by the --client-id.")
    private @Nullable String directory;

    /** By the device's own name. */
    private final Map<Target, FleetProvisioning> provisioned = new ConcurrentHashMap<>();

    /** @param devices how many there are
     * @throws IllegalArgumentException when an option is not what it should be
     */
    void check(int devices) {
        if ((template == null) != (directory == null)) {
            throw new IllegalArgumentException("--template and --identity go together");
        }
        if (template == null && !parameters.isEmpty()) {
            throw new IllegalArgumentException("--parameter needs --template");
        }
        if (directory != null && devices > 1 && !directory.contains(ConnectionOptions.NAME_PLACEHOLDER)) {
            throw new IllegalArgumentException("--identity needs {name} in its path when there are several devices");
        }
    }

    /** The same device with its own identity; the device as it is, where no template was given.
     *
     * @throws ProvisioningException when it gets none
     */
    DeviceSettings provisioned(DeviceSettings claiming, Duration atMost)
            throws ProvisioningException, InterruptedException {
        String by = template;
        String at = directory;
        if (by == null || at == null) {
            return claiming;
        }
        Login claim = claiming.login();
        String name = claim.clientId().value();
        Path own = ConnectionOptions.path(at, name);
        FleetProvisioning provisioning = FleetProvisioning.by(claim, by, own);
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            provisioning = provisioning.with(
                    parameter.getKey(), parameter.getValue().replace(ConnectionOptions.NAME_PLACEHOLDER, name));
        }
        Login login = provisioning.provision(atMost).login();
        provisioned.put(login.clientId(), provisioning);
        return new DeviceSettings(login, claiming.mqtt(), claiming.rules(), claiming.store());
    }

    /** How the devices renew their certificates; null when they were not provisioned. */
    @Nullable Rotation rotation() {
        return template == null ? null : new Identities(provisioned);
    }

    /** @param provisioned by the device's own name */
    private record Identities(Map<Target, FleetProvisioning> provisioned) implements Rotation {
        @Override
        public CertificatePort of(Target device, Runnable restart) throws ProvisioningException {
            return find(device).rotation(restart);
        }

        @Override
        public void starts(Target device) throws ProvisioningException, InterruptedException {
            var unused = find(device).provision(Duration.ofSeconds(1));
        }

        private FleetProvisioning find(Target device) {
            return Objects.requireNonNull(provisioned.get(device), "each device was provisioned");
        }
    }
}
