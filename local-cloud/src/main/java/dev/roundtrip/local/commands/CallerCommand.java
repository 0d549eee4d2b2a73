package dev.roundtrip.local.commands;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.SystemReason;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes what one caller needs to call, and what he may call. */
@Command(
        name = "caller",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = {
            "Makes a caller, an IAM user with an access key and an IAM policy of its own, in the state directory. A"
                    + " caller that is there already keeps its key. The command works while the local cloud runs, and"
                    + " before. A policy counts from the next call on.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  echo '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",",
            "    \"Action\":\"execute-api:Invoke\",\"Resource\":\"*\"}]}' >policy.json",
            "  bin/local-cloud caller alice --policy policy.json"
        })
final class CallerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final StateOption state = new StateOption();

    @Parameters(paramLabel = "NAME", description = "The caller: 1 to 64 letters, digits and any of + = , . @ _ -")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private UserName name;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "What the caller may do from now on: an IAM policy on execute-api:Invoke, and on iot: actions for"
                            + " MQTT and the data plane. A new caller must have one.")
    private @Nullable Path policy;

    @Override
    public Integer call() throws StateException {
        StoredUser caller = caller(StateDirectory.open(state.directory()));
        PrintWriter out = spec.commandLine().getOut();
        out.println("Caller       " + caller.name());
        out.println("Credentials  " + caller.files().credentials());
        out.println("Policy       " + caller.files().policy());
        out.println();
        out.println("While the local cloud runs, this makes a shell call as " + caller.name() + ":");
        out.println("  " + Shell.source(state.directory()));
        out.println("  " + Shell.source(caller.files().directory()));
        out.flush();
        return 0;
    }

    private StoredUser caller(StateDirectory directory) throws StateException {
        if (policy != null) {
            return directory.caller(name, read(policy));
        }
        return directory
                .findCaller(name)
                .orElseThrow(() -> wrongUsage("there is no caller " + name
                        + " yet: make one with --policy FILE; docs/security.md has policies to paste"));
    }

    private String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw wrongUsage("the policy " + file + " cannot be read: " + SystemReason.of(unreadable));
        }
    }

    private ParameterException wrongUsage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
