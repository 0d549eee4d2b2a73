package dev.roundtrip.local.commands;

import dev.roundtrip.cli.StandardStream;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** What standard output is: a terminal of some width, or something that takes lines of any length.
 *
 * @param columns no line is longer
 * @param ansi whether there are colours
 */
record Screen(int columns, Ansi ansi) {
    /** What a program reads, and nobody sees. */
    static final Screen NONE = new Screen(Integer.MAX_VALUE, Ansi.OFF);

    /** That of this process. Source of {@code NO_COLOR}: no-color.org. */
    static Screen of(CommandSpec spec, Map<String, String> environment) {
        if (!StandardStream.OUT.isTerminal()) {
            return NONE;
        }
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Screen(width(spec, environment), plain ? Ansi.OFF : Ansi.ON);
    }

    private static int width(CommandSpec spec, Map<String, String> environment) {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
            if (columns > 0) {
                return columns;
            }
        } catch (NumberFormatException unset) {
            // The terminal is asked.
        }
        return spec.usageMessage().autoWidth(true).width();
    }
}
