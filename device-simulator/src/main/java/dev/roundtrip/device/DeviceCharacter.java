package dev.roundtrip.device;

import dev.roundtrip.device.behaviour.Behaviour;
import dev.roundtrip.device.responder.CommandListener;

/** How a device behaves, and who hears of it.
 *
 * @param behaviour what it does about commands
 * @param commands hears what happens to them
 * @param connections hears what happens to its connection
 */
public record DeviceCharacter(Behaviour behaviour, CommandListener commands, ConnectionListener connections) {

    /** That behaviour, heard by nobody. */
    public static DeviceCharacter of(Behaviour behaviour) {
        return new DeviceCharacter(behaviour, CommandListener.none(), event -> {});
    }

    /** The same, with that ledger for commands. */
    public DeviceCharacter heardBy(CommandListener ledger) {
        return new DeviceCharacter(behaviour, ledger, connections);
    }

    /** The same, with that listener for connections. */
    public DeviceCharacter watchedBy(ConnectionListener listener) {
        return new DeviceCharacter(behaviour, commands, listener);
    }
}
