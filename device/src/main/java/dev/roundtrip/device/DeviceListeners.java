package dev.roundtrip.device;

import dev.roundtrip.device.responder.CommandListener;
import java.util.function.Consumer;

/** Who hears of a device. Called on many threads: must be thread-safe, quick, and must not throw.
 *
 * <pre>{@code
 * device.listeners(DeviceListeners.NONE
 *         .withConnections(event -> System.out.println(event))
 *         .withTroubles(trouble -> System.out.println(trouble.reason())));
 * }</pre>
 *
 * @param commands hears what happens to commands
 * @param connections hears what happens to the connection
 * @param troubles hears of a clock that disagrees, and of a damaged store
 */
public record DeviceListeners(
        CommandListener commands, ConnectionListener connections, Consumer<DeviceTrouble> troubles) {
    /** Nobody. */
    public static final DeviceListeners NONE = new DeviceListeners(CommandListener.none(), event -> {}, trouble -> {});

    /** The same, with another listener for commands. */
    public DeviceListeners withCommands(CommandListener listener) {
        return new DeviceListeners(listener, connections, troubles);
    }

    /** The same, with another listener for the connection. */
    public DeviceListeners withConnections(ConnectionListener listener) {
        return new DeviceListeners(commands, listener, troubles);
    }

    /** The same, with another listener for troubles. */
    public DeviceListeners withTroubles(Consumer<DeviceTrouble> listener) {
        return new DeviceListeners(commands, connections, listener);
    }
}
