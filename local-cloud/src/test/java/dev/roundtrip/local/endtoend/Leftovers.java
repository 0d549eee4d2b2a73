package dev.roundtrip.local.endtoend;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process holds: threads of all kinds, sockets and other descriptors, by name.
 *
 * @param counts how many of each name
 */
record Leftovers(TreeMap<String, Long> counts) {
    private static final Pattern DUMPED = Pattern.compile("^#[0-9]+ \"([^\"]*)\"(.*)$");

    /** Threads that the JVM keeps or makes for itself, and those of the AWS Common Runtime, which are counted by
     * {@link #nativeThreads}.
     */
    private static final Pattern OF_THE_JVM = Pattern.compile(
            "main|Reference Handler|Finalizer|Signal Dispatcher|Service Thread|.*Compiler.*|.*Sweeper.*|"
                    + "Notification Thread"
                    + "|Common-Cleaner|Cleaner-.*|ForkJoinPool.*|VirtualThread-unparker|surefire-.*|Attach Listener"
                    + "|.*DestroyJavaVM"
                    + "|ThreadDump.*|process reaper.*|.*-Read-Poller|.*-Write-Poller|Read-Poller|Write-Poller"
                    + "|MasterPoller|junit.*|awaitility.*"
                    + "|pool-[0-9]+-thread-[0-9]+|AwsEventLoop.*");

    /** All of it now.
     *
     * @param directory for a file that is made and deleted again
     */
    static Leftovers now(Path directory) throws IOException {
        TreeMap<String, Long> counts = new TreeMap<>();
        threads(directory).forEach(name -> counts.merge("thread " + name, 1L, Long::sum));
        nativeThreads().forEach(name -> counts.merge("native thread " + name, 1L, Long::sum));
        descriptors().forEach(name -> counts.merge("descriptor " + name, 1L, Long::sum));
        return new Leftovers(counts);
    }

    private static List<String> threads(Path directory) throws IOException {
        Path dump = directory.resolve("threads-" + System.nanoTime());
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(dump)) {
            return lines.map(DUMPED::matcher)
                    .filter(Matcher::matches)
                    .map(line -> (line.group(2).contains("virtual") ? "virtual " : "") + line.group(1))
                    .filter(name -> !OF_THE_JVM.matcher(name).matches())
                    .map(name -> name.replaceAll("[0-9]+", "N"))
                    .toList();
        } finally {
            Files.delete(dump);
        }
    }

    /** Those of the AWS Common Runtime, which Java knows only once they have called it. */
    private static List<String> nativeThreads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(task -> read(task.resolve("comm")))
                    .filter(name -> name.startsWith("Aws"))
                    .map(name -> name.replaceAll("[0-9]+", "N"))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    /** All but files: classes are loaded when they are needed. */
    private static List<String> descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(Leftovers::target)
                    .filter(target -> !target.startsWith("/") && !target.isEmpty())
                    .map(target -> target.replaceAll("\\[[0-9]+]", ""))
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** What is here and was not there before; empty when nothing is left over. */
    String since(Leftovers before) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > before.counts.getOrDefault(entry.getKey(), 0L))
                .map(entry -> entry.getKey() + ": " + entry.getValue() + " instead of "
                        + before.counts.getOrDefault(entry.getKey(), 0L))
                .collect(Collectors.joining("\n"));
    }
}
