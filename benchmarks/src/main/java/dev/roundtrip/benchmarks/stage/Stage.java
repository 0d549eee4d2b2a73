package dev.roundtrip.benchmarks.stage;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A local cloud on free ports, and devices; gone without a trace when closed. The function's log is counted and thrown
 * away.
 */
public final class Stage implements AutoCloseable {
    private static final String REGION = "eu-central-1";

    private final Path directory;
    private final LocalCloud cloud;
    private final List<ProcessHandle> functions;
    private final EchoDevices devices;
    private final LongAdder logLines = new LongAdder();

    /** Starts a cloud, with the function in this process, and connects devices.
     *
     * @throws IOException when one of them does not come up; nothing is left running
     */
    public Stage(List<String> devices) throws IOException, InterruptedException {
        this(devices, settings -> settings);
    }

    /** Starts a cloud with other settings, and connects devices.
     *
     * @param change makes the settings from those of a cloud with the function in this process
     * @throws IOException when one of them does not come up; nothing is left running
     */
    public Stage(List<String> devices, UnaryOperator<LocalCloudSettings> change)
            throws IOException, InterruptedException {
        this.directory = Files.createTempDirectory(
                "roundtrip-benchmark",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            List<ProcessHandle> others = javaProcesses();
            this.cloud = LocalCloud.start(
                    change.apply(LocalCloudSettings.of(directory, line -> logLines.increment())), REGION);
            this.functions = javaProcesses().stream()
                    .filter(process -> !others.contains(process))
                    .toList();
        } catch (StartException | RuntimeException failed) {
            delete();
            throw new IOException("the cloud does not start: " + failed.getMessage(), failed);
        }
        try {
            this.devices = new EchoDevices(cloud);
        } catch (Throwable failed) {
            cloud.close();
            delete();
            throw failed;
        }
        try {
            connect(devices);
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    /** Connects more devices, and returns when they hear commands.
     *
     * @throws IOException when one does not connect
     */
    public void connect(List<String> more) throws IOException, InterruptedException {
        devices.connect(more);
    }

    public LocalCloud cloud() {
        return cloud;
    }

    /** The processes that the function was started in; none where it runs in this one. */
    public List<ProcessHandle> functions() {
        return functions;
    }

    /** Those that this process has started, or a process that it has started. */
    private static List<ProcessHandle> javaProcesses() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .toList();
    }

    @Override
    public void close() {
        devices.close();
        cloud.close();
        try {
            delete();
        } catch (IOException left) {
            // A temporary directory.
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
