package dev.roundtrip.local.commands;

import dev.roundtrip.simulator.DeviceCharacter;
import dev.roundtrip.simulator.SimulatedShadows;
import dev.roundtrip.simulator.SimulatedShadows.Afterwards;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.work.SimulatedWork;
import dev.roundtrip.simulator.work.SimulatedWork.Commands;
import dev.roundtrip.simulator.work.WorkFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what the simulated devices of a local cloud do beside their methods. */
final class DeviceOptions {
    @Option(
            names = "--device-shadow",
            description = "The simulated devices keep their classic shadows: they apply and report each desired value."
                    + " Needs --device or --devices.")
    private boolean hasShadow;

    @Option(
            names = "--device-jobs",
            paramLabel = "DIR",
            description = "The simulated devices carry out AWS IoT Jobs, as bin/device-simulator --jobs DIR does."
                    + " Downloads go to DIR/NAME; DIR is a path such as downloads, and is made when a file comes. Needs"
                    + " --device or --devices. Default: no jobs")
    private @Nullable Path jobs;

    @Option(
            names = "--device-commands",
            description =
                    "The simulated devices carry out AWS IoT Commands, as bin/device-simulator --commands does. Needs"
                            + " --device or --devices. This payload calls a method:%n"
                            + "{\"method\":\"add\",\"request\":[1,2]}")
    private boolean takesCommands;

    /** Whether one was given. */
    boolean isAnyGiven() {
        return hasShadow || jobs != null || takesCommands;
    }

    /** @throws IllegalArgumentException when an option is not what it should be */
    void check() {
        var unused = SimulatedWork.checked("--device-jobs", jobs);
    }

    /** What the devices do. */
    DeviceCharacter character() {
        SimulatedWork work =
                new SimulatedWork(jobs, takesCommands ? Commands.CARRIED_OUT : Commands.IGNORED, WorkFault.NONE);
        SimulatedShadows shadows = hasShadow
                ? new SimulatedShadows(
                        List.of(""), (property, wanted) -> Optional.of(wanted), Afterwards.KEEP, event -> {})
                : SimulatedShadows.NONE;
        return DeviceCharacter.of(Behaviour.honest()).keeping(shadows).working(work);
    }
}
