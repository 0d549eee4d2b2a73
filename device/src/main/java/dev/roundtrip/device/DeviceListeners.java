package dev.roundtrip.device;

import dev.roundtrip.device.responder.CommandListener;

/** Who hears of a device.
 *
 * @param commands hears what happens to commands
 * @param connections hears what happens to the connection
 */
public record DeviceListeners(CommandListener commands, ConnectionListener connections) {
    /** Nobody. */
    public static final DeviceListeners NONE = new DeviceListeners(CommandListener.none(), event -> {});

    /** The same, with another listener for commands. */
    public DeviceListeners withCommands(CommandListener listener) {
        return new DeviceListeners(listener, connections);
    }

    /** The same, with another listener for the connection. */
    public DeviceListeners withConnections(ConnectionListener listener) {
        return new DeviceListeners(commands, listener);
    }
}
