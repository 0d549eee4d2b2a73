package dev.roundtrip.device;

import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.protocol.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who connects where. */
final class ConnectionOptions {
    private static final String NAME_PLACEHOLDER = "{name}";

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "The broker; port 8883 when not given.")
    private String endpoint = "";

    @Option(
            names = "--ca",
            required = true,
            paramLabel = "FILE",
            description = "PEM of the authority that signed the broker's certificate.")
    private String authority = "";

    @Option(
            names = "--cert",
            required = true,
            paramLabel = "FILE",
            description = "PEM of the device's certificate. '{name}' in the path stands for the device's name.")
    private String certificate = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "PEM of the device's private key. '{name}' in the path stands for the device's name.")
    private String key = "";

    @Option(
            names = "--client-id",
            required = true,
            paramLabel = "NAME",
            description = "The device's name: thing name and MQTT client id.")
    private String clientId = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            description =
                    "Run N devices, NAME-1 to NAME-N, in this process. With '{name}' in --cert and --key each uses"
                            + " its own certificate; without, they share one, which its policy must allow.")
    private @Nullable Integer count;

    /** One login for each device.
     *
     * @throws IllegalArgumentException when an option is not what it should be
     */
    List<Login> logins() {
        Endpoint where = Endpoint.of(endpoint);
        Integer devices = count;
        if (devices == null) {
            return List.of(login(where, clientId));
        }
        if (devices < 1) {
            throw new IllegalArgumentException("--count must be 1 or more");
        }
        return IntStream.rangeClosed(1, devices)
                .mapToObj(number -> login(where, clientId + "-" + number))
                .toList();
    }

    private Login login(Endpoint where, String name) {
        // The name is checked before it becomes part of a path.
        Target target = new Target(name);
        return new Login(target, where, new TlsFiles(Path.of(authority), path(certificate, name), path(key, name)));
    }

    private static Path path(String template, String name) {
        return Path.of(template.replace(NAME_PLACEHOLDER, name));
    }
}
