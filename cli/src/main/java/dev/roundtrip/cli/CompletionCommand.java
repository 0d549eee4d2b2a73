package dev.roundtrip.cli;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code completion} of each program: prints a script that completes the program's commands, options and
 * files.
 */
@Command(
        name = "completion",
        helpCommand = true,
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = {
            "Prints a script for bash or zsh. A shell that sources it completes the commands, options and files of this"
                    + " program. The script counts for the shell that sources it, and for no other.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = {"  eval \"$(bin/${ROOT-COMMAND-NAME} completion bash)\""})
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            completionCandidates = Shells.class,
            description = "The shell: bash or zsh")
    private @Nullable String shell;

    /** Made by picocli. */
    public CompletionCommand() {}

    /** Those that can source the script: it begins with what makes zsh understand the completions of bash. */
    static final class Shells implements Iterable<String> {
        private static final List<String> NAMES = List.of("bash", "zsh");

        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }

    @Override
    public Integer call() {
        if (shell == null || !Shells.NAMES.contains(shell)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "completion needs the name of the shell, " + String.join(" or ", Shells.NAMES)
                            + (shell == null ? "" : ", not '" + shell + "'"));
        }
        CommandSpec program = spec.root();
        spec.commandLine().getOut().print(AutoComplete.bash(program.name(), program.commandLine()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
