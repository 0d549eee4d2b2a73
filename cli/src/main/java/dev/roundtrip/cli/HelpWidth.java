package dev.roundtrip.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;

/** Makes help as wide as the terminal, 80 to {@value #CEILING} columns. The width is looked up when
 * help is asked for, and never before. Thread-safe.
 */
public final class HelpWidth implements IHelpFactory {
    /** Where nobody watches, and where a terminal does not tell. */
    static final int USUAL = 80;

    /** Examples have at most so many columns, and must not be broken. A narrower terminal breaks lines by itself. */
    static final int FLOOR = USUAL;

    /** Beyond it, lines are hard to read; our choice. */
    static final int CEILING = 120;

    private static final long PATIENCE_MILLIS = 500;
    private static final int MAX_BYTES = 100;
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("[0-9]{1,6} ([0-9]{1,6})\\s*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    private final IntSupplier columns;

    private HelpWidth(IntSupplier columns) {
        this.columns = columns;
    }

    /** As wide as the terminal of this process. */
    public static HelpWidth ofProcess() {
        return of(System.getenv(), StandardStream::terminals);
    }

    /** As wide as the terminal.
     *
     * @param variables the environment; {@code COLUMNS} wins over the terminal
     * @param terminals the streams that somebody watches
     */
    public static HelpWidth of(Map<String, String> variables, Supplier<Set<StandardStream>> terminals) {
        return new HelpWidth(() -> columns(variables, terminals, HelpWidth::ofTerminal));
    }

    static int columns(
            Map<String, String> variables,
            Supplier<Set<StandardStream>> terminals,
            Supplier<Optional<Integer>> ofTerminal) {
        String wanted = variables.getOrDefault("COLUMNS", "");
        if (NUMBER.matcher(wanted).matches()) {
            return bounded(Integer.parseInt(wanted));
        }
        return terminals.get().contains(StandardStream.OUT)
                ? ofTerminal.get().map(HelpWidth::bounded).orElse(USUAL)
                : USUAL;
    }

    /** A terminal without a size says 0. */
    private static int bounded(int columns) {
        return columns == 0 ? USUAL : Math.clamp(columns, FLOOR, CEILING);
    }

    /** What the terminal of this process says of itself; empty where it does not tell in time. */
    private static Optional<Integer> ofTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!stty.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return Optional.empty();
                }
                byte[] said = stty.getInputStream().readNBytes(MAX_BYTES);
                return read(new String(said, StandardCharsets.US_ASCII));
            } finally {
                stty.destroyForcibly();
            }
        } catch (IOException none) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static Optional<Integer> read(String said) {
        Matcher size = ROWS_AND_COLUMNS.matcher(said);
        return size.matches() ? Optional.of(Integer.parseInt(size.group(1))) : Optional.empty();
    }

    @Override
    public Help create(CommandSpec command, ColorScheme colours) {
        command.usageMessage().width(columns.getAsInt());
        return new Help(command, colours);
    }
}
