package dev.roundtrip.simulator;

import dev.roundtrip.simulator.work.SimulatedWork;
import dev.roundtrip.simulator.work.SimulatedWork.Commands;
import dev.roundtrip.simulator.work.WorkFault;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which jobs and commands a device carries out. */
final class WorkOptions {
    @Option(
            names = "--jobs",
            paramLabel = "DIR",
            description =
                    "Carry out AWS IoT Jobs with the operations invoke, work, download, reset and diagnostics, and"
                            + " documents of AWS's IoT Device Client with the handlers echo, sleep and false; with"
                            + " --template also rotate-certificate. Downloads go to DIR/NAME; DIR is a path such as"
                            + " downloads, and is made when a file comes. The device's policy must allow its topics of"
                            + " jobs. Default: no jobs")
    private @Nullable Path jobs;

    @Option(
            names = "--commands",
            description = "Carry out AWS IoT Commands. The device's policy must allow its topics of commands. This"
                    + " payload calls a method:%n{\"method\":\"add\",\"request\":[1,2]}")
    private boolean takesCommands;

    @Option(
            names = "--work-fault",
            paramLabel = "FAULT",
            description = "What goes wrong with jobs and commands, such as slow=2000 (each begins so many milliseconds"
                    + " later), fail, silent (each begins, and is never heard of again), power-cut=50 (once, when a job"
                    + " is so many percent done; --seed chooses whether before, while or after it says so, or later) or"
                    + " reboot (once, at the first report of a job or the beginning of a command). Needs --jobs or"
                    + " --commands. Default: nothing")
    private @Nullable String fault;

    /** Whether something shall go wrong at a moment that is chosen at random. */
    boolean isRandom() {
        return fault != null && fault.startsWith("power-cut");
    }

    /** @param random decides the moment of a power cut
     * @throws IllegalArgumentException when an option is not what it should be
     */
    SimulatedWork work(RandomGenerator random) {
        Path directory = SimulatedWork.checked("--jobs", jobs);
        String word = fault;
        if (word == null) {
            return new SimulatedWork(directory, commands(), WorkFault.NONE);
        }
        if (jobs == null && !takesCommands) {
            throw new IllegalArgumentException(
                    "--work-fault needs work that it can go wrong with: add --jobs DIR or --commands");
        }
        return new SimulatedWork(directory, commands(), WorkFault.of(word, random));
    }

    private Commands commands() {
        return takesCommands ? Commands.CARRIED_OUT : Commands.IGNORED;
    }
}
