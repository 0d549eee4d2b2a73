package dev.roundtrip.device.provisioning;

import dev.roundtrip.device.transport.Login;
import java.util.Map;

/** A device that has an identity.
 *
 * @param login how it connects as itself
 * @param configuration the {@code DeviceConfiguration} of the template; may be empty
 */
public record Provisioned(Login login, Map<String, String> configuration) {
    /** Copies the configuration. */
    public Provisioned {
        configuration = Map.copyOf(configuration);
    }
}
