package dev.roundtrip.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers a wrong command line with one line, and where the help is.
 *
 * @param program the program's name
 */
public record WrongUsage(String program) implements IParameterExceptionHandler {
    private static final int EXIT_CODE = 2;

    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        ParameterException first = first(problem);
        err.println(program + ": " + inUsersWords(firstLine(first)));
        UnmatchedArgumentException.printSuggestions(first, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return EXIT_CODE;
    }

    private static String firstLine(ParameterException problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("wrong usage");
    }

    /** The library's message without the names of Java's types. */
    private static String inUsersWords(String message) {
        return message.replaceFirst(" is not an? (int|long)$", " is not a whole number")
                .replaceFirst(" is not a (double|float)$", " is not a number");
    }

    /** An option that nobody knows comes before those that are missing: it may be one of them, misspelt. */
    private static ParameterException first(ParameterException problem) {
        List<String> unknown = problem.getCommandLine().getUnmatchedArguments();
        return unknown.isEmpty() ? problem : new UnmatchedArgumentException(problem.getCommandLine(), unknown);
    }
}
