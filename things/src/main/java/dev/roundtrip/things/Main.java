package dev.roundtrip.things;

import dev.roundtrip.cli.HelpWidth;
import dev.roundtrip.cli.Printable;
import dev.roundtrip.cli.StandardOutput;
import dev.roundtrip.cli.SystemReason;
import dev.roundtrip.cli.WrongUsage;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.core.exception.SdkException;

/** Runs {@code things} from the command line; {@code --help} tells how. */
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    /** Exits with 0 when everything was done, 1 when something was not, 2 on wrong usage, 130 on SIGINT, 143 on
     * SIGTERM.
     */
    public static void main(String[] arguments) {
        // The JDK would send a POST again when its connection breaks, and so make a second certificate.
        System.setProperty("sun.net.http.retryPost", "false");
        int code = StandardOutput.execute("things", commandLine(Environment.ofProcess()), arguments);
        if (code == FAILED) {
            // Everything is said and closed, except a connection that did not come about: for it the AWS Common Runtime
            // would hold the end up for two seconds.
            Runtime.getRuntime().halt(code);
        }
        System.exit(code);
    }

    static CommandLine commandLine(Environment environment) {
        CommandLine command = new CommandLine(new ThingsCommand(environment));
        command.registerConverter(Target.class, converter(Target::new));
        command.registerConverter(TopicRoot.class, converter(TopicRoot::new));
        command.registerConverter(
                Kind.class,
                text -> Arrays.stream(Kind.values())
                        .filter(kind -> kind.toString().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException(
                                "it must be policy, certificates or things, but is '" + text + "'")));
        command.setHelpFactory(HelpWidth.of(environment.variables(), environment.terminals()));
        Objects.requireNonNull(command.getSubcommands().get("help"))
                .getCommandSpec()
                .usageMessage()
                .header("Prints the help of a command.")
                .description("");
        command.setParameterExceptionHandler(new WrongUsage("things"));
        command.setExecutionExceptionHandler((failure, line, result) -> {
            line.getErr().println("things: " + Printable.of(explain(failure, line.getErr())));
            line.getErr().flush();
            return FAILED;
        });
        return command;
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (MalformedNameException malformed) {
                throw new TypeConversionException(
                        String.valueOf(malformed.getMessage()).replaceFirst("^target", "a thing's name"));
            } catch (IllegalArgumentException malformed) {
                throw new TypeConversionException(String.valueOf(malformed.getMessage()));
            }
        };
    }

    /** One line; where it is a defect, after where it happened. */
    private static String explain(Exception failure, PrintWriter err) {
        return switch (failure) {
            case ThingsException known -> String.valueOf(known.getMessage());
            case SdkException refused -> Advice.of(refused);
            case IOException file -> SystemReason.of(file);
            case InterruptedException interrupted -> "interrupted; the same command goes on where this one stopped";
            default -> {
                failure.printStackTrace(err);
                yield "a defect of this program, see above";
            }
        };
    }
}
