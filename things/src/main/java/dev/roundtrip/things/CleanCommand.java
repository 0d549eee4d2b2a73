package dev.roundtrip.things;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.cli.Printable;
import dev.roundtrip.cli.Progress;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Deletes what was made. */
@Command(
        name = "clean",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        description = {
            "Deletes what create made, and nothing else: detaches and deletes the policy, makes each certificate"
                    + " inactive and deletes it, and deletes each thing. What cannot be deleted is told and stays in"
                    + " the directory; the same command tries it again.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  bin/things clean --only policy")
final class CleanCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    /** Of what could not be deleted; our choice. */
    private static final int MAX_TOLD = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ThingsCommand parent;

    @Option(
            names = "--only",
            paramLabel = "KIND",
            description = "Delete only this: policy, certificates or things. create makes anew what is missing.")
    private @Nullable Kind only;

    @Mixin
    private final DirectoryOption directoryOption = new DirectoryOption();

    @Override
    public Integer call() throws ThingsException, InterruptedException {
        ThingsDirectory directory = directoryOption.directory();
        PrintWriter out = spec.commandLine().getOut();
        Cleaning.Report report = directory.isUsed() ? clean(directory) : null;
        if (report == null) {
            out.println("There is nothing to delete in " + directory.root() + ".");
            return 0;
        }
        out.println("Deleted " + number(report.deleted(Kind.THINGS), "thing", "things") + ", "
                + number(report.deleted(Kind.CERTIFICATES), "certificate", "certificates") + " and "
                + number(report.deleted(Kind.POLICY), "policy", "policies") + ".");
        out.flush();
        tell(report);
        return report.failures().isEmpty() ? 0 : FAILED;
    }

    /** @return null when there is nothing to delete */
    private Cleaning.@Nullable Report clean(ThingsDirectory directory) throws ThingsException, InterruptedException {
        try (DirectoryLock lock = directory.lock()) {
            Optional<DirectoryRecord> common = directory.common();
            if (common.isEmpty()) {
                Cleaning.forget(directory);
                return null;
            }
            try (Cloud cloud = parent.environment().clouds().get()) {
                Creation.requireSame(common.get(), cloud, directory);
                return clean(directory, common.get(), cloud);
            }
        }
    }

    private Cleaning.Report clean(ThingsDirectory directory, DirectoryRecord common, Cloud cloud)
            throws ThingsException, InterruptedException {
        int things = directory.things().size();
        Progress progress = Progress.begin(
                "things",
                spec.commandLine().getErr(),
                parent.environment().terminals().get());
        Set<Kind> kinds = only == null ? EnumSet.allOf(Kind.class) : EnumSet.of(only);
        return new Cleaning(cloud.iot(), directory, common, parent.environment().pause())
                .clean(kinds, done -> progress.at(done, things, "things"));
    }

    private static String number(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private void tell(Cleaning.Report report) {
        PrintWriter err = spec.commandLine().getErr();
        report.failures().stream().limit(MAX_TOLD).forEach(line -> err.println("things: " + Printable.of(line)));
        int more = report.failures().size() - MAX_TOLD;
        if (more > 0) {
            err.println("things: and " + more + " more");
        }
        if (!report.failures().isEmpty()) {
            err.println("things: what was not deleted stays in the directory; the same command tries it again");
        }
        err.flush();
    }
}
