package dev.roundtrip.simulator;

import dev.roundtrip.cli.HelpWidth;
import dev.roundtrip.cli.StandardOutput;
import dev.roundtrip.cli.WrongUsage;
import picocli.CommandLine;

/** Runs the simulator from the command line; {@code --help} tells how. */
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    /** Exits with 0 when it ended by itself, 1 when it could not connect, 2 on wrong usage, 130 on SIGINT, 143 on
     * SIGTERM.
     */
    public static void main(String[] arguments) {
        int code = StandardOutput.execute("device-simulator", commandLine(), arguments);
        if (code == FAILED) {
            // Everything is said and closed, except a connection that did not come about: for it the AWS Common Runtime
            // would hold the
            // end up for two seconds.
            Runtime.getRuntime().halt(code);
        }
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new SimulatorCommand())
                .setHelpFactory(HelpWidth.ofProcess())
                .setParameterExceptionHandler(new WrongUsage("device-simulator"));
    }
}
