package dev.roundtrip.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Part of the processors, given by a control group of Linux, version 1 or 2, as AWS Lambda gives it. */
final class CpuQuota implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** What the kernel shares out anew every so often, in microseconds: its default. */
    private static final long PERIOD_MICROS = 100_000;

    /** Becomes the command that follows the group's file, inside that group. */
    private static final String ENTER = "echo $$ > \"$1\" && shift && exec \"$@\"";

    private final @Nullable Path group;

    /** @param cores 0 for no limit
     * @throws IOException when this process may make no group
     */
    CpuQuota(double cores) throws IOException {
        if (cores == 0) {
            this.group = null;
            return;
        }
        boolean second = Files.exists(ROOT.resolve("cgroup.controllers"));
        Path made = ROOT.resolve(second ? "" : "cpu")
                .resolve("roundtrip-cold-start-" + ProcessHandle.current().pid());
        long micros = Math.round(cores * PERIOD_MICROS);
        try {
            Files.createDirectory(made);
        } catch (IOException refused) {
            throw new IOException(
                    "no control group can be made at " + made + " ("
                            + refused.getClass().getSimpleName()
                            + "): measure as root, or with --only the variants that have no part of a core",
                    refused);
        }
        try {
            if (second) {
                Files.writeString(made.resolve("cpu.max"), micros + " " + PERIOD_MICROS);
            } else {
                Files.writeString(made.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
                Files.writeString(made.resolve("cpu.cfs_quota_us"), Long.toString(micros));
            }
        } catch (IOException refused) {
            Files.delete(made);
            throw refused;
        }
        this.group = made;
    }

    /** The command line that runs another one within the limit. */
    List<String> limiting(List<String> command) {
        if (group == null) {
            return command;
        }
        List<String> limited = new ArrayList<>(List.of(
                "/bin/sh", "-c", ENTER, "enter", group.resolve("cgroup.procs").toString()));
        limited.addAll(command);
        return limited;
    }

    /** @throws IOException when a process is still within it */
    @Override
    public void close() throws IOException {
        if (group != null) {
            Files.delete(group);
        }
    }
}
