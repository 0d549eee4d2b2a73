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
                            + " --template also rotate-certificate. Downloads go to DIR/NAME. The device's policy must"
                            + " allow its topics of jobs.")
    private @Nullable Path jobs;

    @Option(
            names = "--commands",
            description = "Carry out AWS IoT Commands: the payload {\"method\":\"add\",\"request\":[1,2]} calls a"
                    + " method. The device's policy must allow its topics of commands.")
    private boolean takesCommands;

    @Option(
            names = "--work-fault",
            paramLabel = "FAULT",
            description = "What goes wrong with jobs and commands: slow=MS, fail, silent, power-cut=PERCENT (once, when"
                    + " a job is so far) or reboot (once).")
    private @Nullable String fault;

    /** Whether something shall go wrong at a moment that is chosen at random. */
    boolean isRandom() {
        return fault != null && fault.startsWith("power-cut");
    }

    /** @param random decides the moment of a power cut
     * @throws IllegalArgumentException when an option is not what it should be
     */
    SimulatedWork work(RandomGenerator random) {
        String word = fault;
        if (word == null) {
            return new SimulatedWork(jobs, commands(), WorkFault.NONE);
        }
        if (jobs == null && !takesCommands) {
            throw new IllegalArgumentException("--work-fault needs --jobs or --commands");
        }
        return new SimulatedWork(jobs, commands(), WorkFault.of(word, random));
    }

    private Commands commands() {
        return takesCommands ? Commands.CARRIED_OUT : Commands.IGNORED;
    }
}
