package dev.roundtrip.local.commands;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.CompletionCommand;
import dev.roundtrip.cli.HelpWidth;
import dev.roundtrip.cli.SystemReason;
import dev.roundtrip.cli.WrongUsage;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.local.app.NetworkAddress;
import dev.roundtrip.local.app.StartException;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.running.LocalApiException;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The command {@code local-cloud}; its work is in its subcommands. */
@Command(
        name = "local-cloud",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StartCommand.class,
            ProvisionCommand.class,
            CallerCommand.class,
            CheckDeviceCommand.class,
            DemoCommand.class,
            WatchCommand.class,
            ExplainCommand.class,
            CallsCommand.class,
            TrafficCommand.class,
            FaultsCommand.class,
            ListCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            StopCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        description = {
            "A cloud on this machine: an API that takes signed calls, the function that runs them, and"
                    + " an MQTT broker for the devices. It needs no AWS account. It listens on the loopback address"
                    + " only, unless start --listen says otherwise for devices.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/local-cloud demo",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed; one line on standard error says why",
            "2:wrong usage",
            "130:ended in order by Ctrl-C",
            "143:ended in order by SIGTERM"
        })
public final class LocalCloudCommand {
    private static final int FAILED = 1;

    private LocalCloudCommand() {}

    /** The command, ready to be executed. */
    public static CommandLine commandLine() {
        CommandLine command = new CommandLine(new LocalCloudCommand());
        command.registerConverter(Target.class, text -> {
            try {
                return new Target(text);
            } catch (MalformedNameException malformed) {
                throw new TypeConversionException(
                        String.valueOf(malformed.getMessage()).replaceFirst("^target", "a device's name"));
            }
        });
        command.registerConverter(FaultSpec.class, text -> {
            try {
                return FaultSpec.parse(text);
            } catch (IllegalArgumentException malformed) {
                throw new TypeConversionException(String.valueOf(malformed.getMessage()));
            }
        });
        command.registerConverter(UserName.class, text -> {
            try {
                return new UserName(text);
            } catch (IllegalArgumentException malformed) {
                throw new TypeConversionException(String.valueOf(malformed.getMessage()));
            }
        });
        command.registerConverter(NetworkAddress.class, text -> {
            try {
                return NetworkAddress.of(text);
            } catch (IllegalArgumentException foreign) {
                throw new TypeConversionException(String.valueOf(foreign.getMessage()));
            }
        });
        command.registerConverter(FunctionSetting.class, text -> {
            try {
                return FunctionSetting.parse(text);
            } catch (IllegalArgumentException malformed) {
                throw new TypeConversionException(String.valueOf(malformed.getMessage()));
            }
        });
        command.registerConverter(LimitsKind.class, oneOf(LimitsKind.values()));
        command.registerConverter(QueriesKind.class, oneOf(QueriesKind.values()));
        command.registerConverter(RuntimeKind.class, oneOf(RuntimeKind.values()));
        command.setHelpFactory(HelpWidth.ofProcess());
        CommandGroups.showIn(command);
        Objects.requireNonNull(command.getSubcommands().get("help"))
                .getCommandSpec()
                .usageMessage()
                .header("Prints the help of a command.")
                .description("");
        command.setParameterExceptionHandler(new WrongUsage("local-cloud"));
        command.setExecutionExceptionHandler((failure, line, result) -> {
            line.getErr().println("local-cloud: " + explain(failure, line.getErr()));
            line.getErr().flush();
            return FAILED;
        });
        return command;
    }

    /** Each word as it is typed, in lower or upper case. */
    private static <E extends Enum<E>> ITypeConverter<E> oneOf(E[] words) {
        return text -> Arrays.stream(words)
                .filter(word -> word.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("it must be "
                        + Arrays.stream(words).map(Object::toString).collect(Collectors.joining(" or ")) + ", but is '"
                        + text + "'"));
    }

    /** One line; where it is a defect, after where it happened. */
    private static String explain(Exception failure, PrintWriter err) {
        return switch (failure) {
            case StartException known -> String.valueOf(known.getMessage());
            case StateException known -> String.valueOf(known.getMessage());
            case MqttException known -> String.valueOf(known.getMessage());
            case LocalApiException known -> String.valueOf(known.getMessage());
            case NotReadyException known -> String.valueOf(known.getMessage());
            case FileSystemException file -> file.getFile() + ": " + SystemReason.of(file);
            case IOException other -> SystemReason.of(other);
            default -> {
                failure.printStackTrace(err);
                yield "a defect of this program, see above";
            }
        };
    }
}
