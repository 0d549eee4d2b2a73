package dev.roundtrip.sigv4;

import dev.roundtrip.cli.HelpWidth;
import dev.roundtrip.cli.StandardStream;
import dev.roundtrip.cli.WrongUsage;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Starts the command {@code sigv4-client}. Exit codes: 0 for an answer of 2xx, 1 for everything else, 2 for wrong
 * usage.
 */
public final class Main {
    private static final int FAILED = 1;
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(86_400);

    private Main() {}

    /** Runs the command, and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(execute(Environment.ofProcess(), SdkConfiguration::new, args));
    }

    static int execute(
            Environment environment, Function<@Nullable String, AwsConfiguration> configurations, String... arguments) {
        CommandLine command = commandLine(environment, configurations);
        int code = command.execute(arguments);
        return code == 0 && command.getOut().checkError() ? FAILED : code;
    }

    static CommandLine commandLine(
            Environment environment, Function<@Nullable String, AwsConfiguration> configurations) {
        CommandLine command = new CommandLine(new SignCommand(environment, configurations));
        command.setExpandAtFiles(false); // -d @FILE is ours
        command.setOut(new PrintWriter(new OutputStreamWriter(environment.help(), StandardCharsets.UTF_8), true));
        command.setErr(environment.err());
        command.setHelpFactory(HelpWidth.of(environment.variables(), environment::terminals));
        boolean colourful = !environment
                .colour(StandardStream.OUT, Environment.Colour.RED, "")
                .isEmpty();
        command.setColorScheme(Help.defaultColorScheme(colourful ? Ansi.ON : Ansi.OFF));
        command.registerConverter(HeaderLine.class, converter(HeaderLine::parse));
        command.registerConverter(Duration.class, converter(Main::seconds));
        command.setParameterExceptionHandler(new WrongUsage("sigv4-client"));
        command.setExecutionExceptionHandler((failure, line, result) -> {
            if (!(failure instanceof CallFailedException)) {
                failure.printStackTrace(environment.err());
            }
            environment.fail(String.valueOf(failure.getMessage()));
            return FAILED;
        });
        return command;
    }

    private static Duration seconds(String text) {
        BigDecimal seconds;
        try {
            seconds = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no number of seconds", e);
        }
        Duration duration =
                Duration.ofNanos(seconds.min(MAX_SECONDS).movePointRight(9).longValue());
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException("it takes 0.001 to " + MAX_SECONDS + " seconds, not " + text);
        }
        return duration;
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }
}
