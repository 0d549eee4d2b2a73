package dev.roundtrip.local.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands of {@code local-cloud} in its help, by what somebody wants to do. A command that no group names stands
 * in the last one, so that none is missing.
 */
final class CommandGroups {
    private static final String OTHERS = "Other commands:";

    /** Heading and commands, in the order of the help. A name without a command is left out. */
    private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("Run a cloud:", List.of("demo", "start", "status", "stop", "logs"));
        GROUPS.put("Devices and callers:", List.of("provision", "caller", "list", "check-device"));
        GROUPS.put("See what happens, and disturb it:", List.of("watch", "calls", "explain", "traffic", "faults"));
        GROUPS.put("Help:", List.of("help", "completion"));
    }

    private CommandGroups() {}

    /** Has the help of a command list its subcommands in groups. */
    static void showIn(CommandLine command) {
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::render);
    }

    private static String render(Help help) {
        Map<String, Help> commands = help.subcommands();
        Map<String, List<String>> groups = new LinkedHashMap<>(GROUPS);
        Set<String> others = new TreeSet<>(commands.keySet());
        GROUPS.values().forEach(others::removeAll);
        groups.put(OTHERS, new ArrayList<>(others));
        int longest = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, names) -> {
            Help.TextTable table = table(help, longest);
            names.forEach(name -> {
                Help command = commands.get(name);
                if (command != null) {
                    table.addRowValues(name, summary(command));
                }
            });
            if (names.stream().anyMatch(commands::containsKey)) {
                text.append(help.createHeading("%n" + heading + "%n")).append(table);
            }
        });
        return text.toString();
    }

    private static Help.TextTable table(Help help, int longest) {
        int width = help.commandSpec().usageMessage().width();
        return Help.TextTable.forColumns(
                help.colorScheme(),
                new Help.Column(longest + 4, 2, Help.Column.Overflow.SPAN),
                new Help.Column(width - longest - 4, 1, Help.Column.Overflow.WRAP));
    }

    /** The first sentence of its header, or of its description. */
    private static String summary(Help command) {
        UsageMessageSpec words = command.commandSpec().usageMessage();
        String[] lines = words.header().length > 0 ? words.header() : words.description();
        return lines.length == 0 ? "" : lines[0].split("(?<=[.:]) ", 2)[0];
    }
}
