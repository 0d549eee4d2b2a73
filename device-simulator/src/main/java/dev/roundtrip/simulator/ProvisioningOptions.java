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
import java.util.List;
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
            description = "Get an identity by this provisioning template of AWS IoT, such as pumps, at the first start."
                    + " --cert and --key are the claim certificate then, and --client-id connects with it. The"
                    + " template names the thing. Needs --identity. Default: none, the device has its certificate")
    private @Nullable String template;

    @Option(
            names = "--parameter",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the template, such as SerialNumber=7. May be given several times. '{name}' in"
                    + " the value is replaced by the --client-id. Default: none")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--identity",
            paramLabel = "DIR",
            description = "The directory of the identity, such as identity or 'identity/{name}': thing.json,"
                    + " certificate.pem and private.key. Later starts find it there. '{name}' in the path is replaced"
                    + " by the --client-id. Default: none, needed with --template")
    private @Nullable String directory;

    /** By the device's own name. */
    private final Map<Target, FleetProvisioning> provisioned = new ConcurrentHashMap<>();

    /** @param claims one for each device
     * @throws IllegalArgumentException when an option is not what it should be
     */
    void check(List<Login> claims) {
        if ((template == null) != (directory == null)) {
            throw new IllegalArgumentException(
                    (template == null)
                            ? "--identity needs --template: name the provisioning template that makes the identity"
                            : "--template needs --identity: name the directory where the identity is kept");
        }
        if (template == null && !parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "--parameter needs --template: name the provisioning template that has the parameter");
        }
        if (directory != null && claims.size() > 1 && !directory.contains(ConnectionOptions.NAME_PLACEHOLDER)) {
            throw new IllegalArgumentException(
                    "--identity needs {name} in its path when there are several devices, such as identity/{name}");
        }
        for (Login claim : claims) {
            var unused = provisioning(claim);
        }
    }

    /** The same device with its own identity; the device as it is, where no template was given.
     *
     * @throws ProvisioningException when it gets none
     */
    DeviceSettings provisioned(DeviceSettings claiming, Duration atMost)
            throws ProvisioningException, InterruptedException {
        FleetProvisioning provisioning = provisioning(claiming.login());
        if (provisioning == null) {
            return claiming;
        }
        Login login = provisioning.provision(atMost).login();
        provisioned.put(login.clientId(), provisioning);
        return new DeviceSettings(login, claiming.mqtt(), claiming.rules(), claiming.store());
    }

    private @Nullable FleetProvisioning provisioning(Login claim) {
        String by = template;
        String at = directory;
        if (by == null || at == null) {
            return null;
        }
        String name = claim.clientId().value();
        FleetProvisioning all = byTemplate(claim, by, ConnectionOptions.path(at, name));
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            all = all.with(parameter.getKey(), parameter.getValue().replace(ConnectionOptions.NAME_PLACEHOLDER, name));
        }
        return all;
    }

    private static FleetProvisioning byTemplate(Login claim, String name, Path directory) {
        try {
            return FleetProvisioning.by(claim, name, directory);
        } catch (IllegalArgumentException rule) {
            throw new IllegalArgumentException(
                    "--template takes a name of 1 to 36 of a-z A-Z 0-9 _ -, such as pumps", rule);
        }
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
