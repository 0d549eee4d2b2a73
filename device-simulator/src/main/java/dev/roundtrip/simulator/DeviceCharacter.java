package dev.roundtrip.simulator;

import dev.roundtrip.device.ConnectionListener;
import dev.roundtrip.device.DeviceTrouble;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.work.SimulatedWork;
import java.util.function.Consumer;

/** How a device behaves, and who hears of it.
 *
 * @param behaviour what it does about commands
 * @param commands hears what happens to them
 * @param connections hears what happens to its connection
 * @param troubles hears of a clock that disagrees, and of a damaged store
 * @param shadows which shadows it keeps, and how
 * @param work which jobs and commands it carries out
 */
public record DeviceCharacter(
        Behaviour behaviour,
        CommandListener commands,
        ConnectionListener connections,
        Consumer<DeviceTrouble> troubles,
        SimulatedShadows shadows,
        SimulatedWork work) {

    /** That behaviour, heard by nobody. */
    public static DeviceCharacter of(Behaviour behaviour) {
        return new DeviceCharacter(
                behaviour,
                CommandListener.none(),
                event -> {},
                trouble -> {},
                SimulatedShadows.NONE,
                SimulatedWork.NONE);
    }

    /** The same, with that ledger for commands. */
    public DeviceCharacter heardBy(CommandListener ledger) {
        return new DeviceCharacter(behaviour, ledger, connections, troubles, shadows, work);
    }

    /** The same, with that listener for connections. */
    public DeviceCharacter watchedBy(ConnectionListener listener) {
        return new DeviceCharacter(behaviour, commands, listener, troubles, shadows, work);
    }

    /** The same, with those shadows. */
    public DeviceCharacter keeping(SimulatedShadows others) {
        return new DeviceCharacter(behaviour, commands, connections, troubles, others, work);
    }

    /** The same, with that work. */
    public DeviceCharacter working(SimulatedWork other) {
        return new DeviceCharacter(behaviour, commands, connections, troubles, shadows, other);
    }
}
