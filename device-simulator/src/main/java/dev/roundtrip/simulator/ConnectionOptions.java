package dev.roundtrip.simulator;

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
    static final String NAME_PLACEHOLDER = "{name}";

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "The address of the broker, such as 127.0.0.1:8883. Without a port: 8883")
    private String endpoint = "";

    @Option(
            names = "--ca",
            required = true,
            paramLabel = "FILE",
            description = "PEM file of the certificate authority that signed the broker's certificate, such as "
                    + "\"$IOT_CA\".")
    private String authority = "";

    @Option(
            names = "--cert",
            required = true,
            paramLabel = "FILE",
            description = "PEM file of the device's certificate, such as certificate.pem. '{name}'"
                    + " in the path is replaced by the device's name.")
    private String certificate = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "PEM file of the device's private key, such as private.key. '{name}' in"
                    + " the path is replaced by the device's name.")
    private String key = "";

    @Option(
            names = "--client-id",
            required = true,
            paramLabel = "NAME",
            description =
                    "The device's name, such as pump-1: 1 to 128 of a-z A-Z 0-9 : _ - It is the thing name and the"
                            + " MQTT client id.")
    private String clientId = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            description =
                    "Run N devices in this process, such as 20, NAME-1 to NAME-N. With '{name}' in --cert and --key"
                            + " each device has its own certificate. Otherwise they share one certificate, and its"
                            + " policy must"
                            + " allow all the names. Default: one device, NAME")
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
            throw new IllegalArgumentException("--count must be 1 or more, such as 20; leave it out for one device");
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

    static Path path(String template, String name) {
        return Path.of(template.replace(NAME_PLACEHOLDER, name));
    }
}
