package dev.roundtrip.device;

import picocli.CommandLine;

/** Runs the simulator from the command line; {@code --help} tells how. */
public final class Main {
    private Main() {}

    /** Exits with 0 when it ended by itself, 1 when it could not connect, 2 on wrong usage, 130 on SIGINT, 143 on SIGTERM. */
    public static void main(String[] arguments) {
        System.exit(StandardOutput.execute("device-simulator", commandLine(), arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new SimulatorCommand()).setParameterExceptionHandler(new WrongUsage("device-simulator"));
    }
}
