package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandHelpTest {
    private final CommandLine command = LocalCloudCommand.commandLine();

    private record Ended(int code, String out, String err) {}

    private Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    @Test
    void commands_are_listed_by_what_somebody_wants_to_do() {
        List<String> lines = run("--help").out().lines().toList();

        assertThat(lines)
                .containsSubsequence("Run a cloud:", "Devices and callers:", "Help:", "Exit codes:", "Example:");
        assertThat(lines.get(lines.indexOf("Run a cloud:") + 1)).startsWith("  demo  ");
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @Test
    void every_command_is_listed_once() {
        List<String> lines = run("--help").out().lines().toList();

        assertThat(command.getSubcommands().keySet())
                .allSatisfy(name -> assertThat(lines.stream().filter(line -> line.matches("  " + name + "  .*")))
                        .as(name)
                        .hasSize(1));
    }

    @Command(name = "newcomer", description = "What no group knows. It does nothing.")
    private static final class Newcomer implements Callable<Integer> {
        @Override
        public Integer call() {
            return 0;
        }
    }

    @Test
    void command_that_no_group_knows_stands_at_the_end() {
        command.addSubcommand(new Newcomer());

        assertThat(run("--help").out()).containsPattern("Other commands:\\R  newcomer +What no group knows\\.\\R");
    }

    @Test
    void help_of_a_command_is_printed_by_its_name() {
        assertThat(run("help", "start").out())
                .startsWith("Usage: local-cloud start")
                .contains("--devices=N");
        assertThat(run("help").out()).startsWith("Usage: local-cloud ").contains("Run a cloud:");
        assertThat(run("help", "start")).isEqualTo(run("start", "--help"));
        assertThat(run("help", "fly"))
                .satisfies(ended -> assertThat(ended.code()).isEqualTo(2))
                .satisfies(ended ->
                        assertThat(ended.err()).startsWith("local-cloud: ").contains("fly"));
    }

    @Test
    void every_command_has_an_example_in_its_help() {
        assertThat(command.getSubcommands().values())
                .filteredOn(each -> !each.getCommandName().equals("help"))
                .allSatisfy(
                        each -> assertThat(each.getCommandSpec().usageMessage().footer())
                                .as(each.getCommandName())
                                .isNotEmpty());
    }

    @Test
    void no_example_is_broken_at_the_usual_width() {
        for (CommandLine each : command.getSubcommands().values()) {
            String help = each.getUsageMessage();
            String example = java.util.Arrays.stream(
                            each.getCommandSpec().usageMessage().footer())
                    .map(line -> line.replace("${ROOT-COMMAND-NAME}", "local-cloud"))
                    .collect(Collectors.joining(System.lineSeparator()));
            assertThat(help).as(each.getCommandName()).contains(example);
        }
    }

    @Test
    void completion_knows_commands_and_options() {
        Ended ended = run("completion", "bash");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("provision", "check-device", "--devices", "--listen", "complete ");
    }
}
