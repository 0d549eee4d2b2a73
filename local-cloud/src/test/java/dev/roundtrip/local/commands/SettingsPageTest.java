package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/settings.md has each option of {@code local-cloud start}. */
class SettingsPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(--[^`]+)` \\| ([^|]+) \\|");

    private static List<MatchResult> rows() throws IOException {
        String section = Files.readString(Path.of("../docs/settings.md"))
                .replaceFirst("(?s).*\n## Options of `bin/local-cloud start`\n", "")
                .replaceFirst("(?s)\n## .*", "");
        return ROW.matcher(section).results().toList();
    }

    private static Stream<OptionSpec> options() {
        CommandLine start = Objects.requireNonNull(
                LocalCloudCommand.commandLine().getSubcommands().get("start"));
        return start.getCommandSpec().options().stream().filter(option -> !option.usageHelp() && !option.versionHelp());
    }

    private static String typed(OptionSpec option) {
        return option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel());
    }

    @Test
    void page_has_each_option_with_its_parameter() throws IOException {
        assertThat(rows().stream().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        options().map(SettingsPageTest::typed).toList());
    }

    @Test
    void page_has_the_defaults() throws IOException {
        List<String> defaults = options()
                .filter(option -> option.defaultValue() != null)
                .map(option -> typed(option) + " " + option.defaultValue())
                .toList();

        assertThat(defaults).isNotEmpty();
        assertThat(rows().stream().map(row -> row.group(1) + " " + row.group(2).replace("`", "")))
                .containsAll(defaults);
    }
}
