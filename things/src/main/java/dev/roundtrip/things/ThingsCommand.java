package dev.roundtrip.things;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.CompletionCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code things}; its work is in its subcommands. */
@Command(
        name = "things",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CreateCommand.class,
            SendCommand.class,
            SubscribeCommand.class,
            CleanCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        description = {
            "Makes things with certificates, has them send and listen over MQTT, and deletes what it made. It works"
                    + " on AWS IoT and on the local cloud alike, wherever credentials, region and endpoint of the"
                    + " environment lead. A directory remembers what was made.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExample, with a local cloud that runs in another shell:%n",
        footer = {
            "  . .local-cloud/env",
            "  bin/things create --things 3",
            "  bin/things send --duration 3 --append-thing-name",
            "  bin/things clean"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:something was not done; standard error says what and why",
            "2:wrong usage",
            "130:ended by Ctrl-C",
            "143:ended by SIGTERM"
        })
final class ThingsCommand {
    private final Environment environment;

    /** For the generator of the manual pages, which runs nothing. */
    ThingsCommand() {
        this(Environment.ofProcess());
    }

    ThingsCommand(Environment environment) {
        this.environment = environment;
    }

    Environment environment() {
        return environment;
    }
}
