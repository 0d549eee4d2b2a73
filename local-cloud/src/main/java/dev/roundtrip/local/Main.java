package dev.roundtrip.local;

import dev.roundtrip.cli.StandardOutput;
import dev.roundtrip.local.commands.LocalCloudCommand;

/** Starts the command {@code local-cloud}. */
public final class Main {
    private Main() {}

    /** Runs the command, and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(StandardOutput.execute("local-cloud", LocalCloudCommand.commandLine(), args));
    }
}
