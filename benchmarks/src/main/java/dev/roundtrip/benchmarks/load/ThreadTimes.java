package dev.roundtrip.benchmarks.load;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What Linux tells of each of this process's threads, native ones too, since they began. Sources: proc(5) for
 * {@code /proc/self/task}, and the kernel's documentation, {@code scheduler/sched-stats}, for {@code schedstat}.
 *
 * @param byThread by thread id
 */
public record ThreadTimes(Map<String, Time> byThread) {
    private static final Path THREADS = Path.of("/proc/self/task");

    public ThreadTimes {
        byThread = Map.copyOf(byThread);
    }

    /** One thread's.
     *
     * @param name as the kernel knows it: the first 15 characters
     * @param cpuNanos how long it ran
     * @param waitNanos how long it could have run and had no processor
     * @param runs how often it was given a processor
     */
    public record Time(String name, long cpuNanos, long waitNanos, long runs) {
        private Time minus(Time earlier) {
            return new Time(name, cpuNanos - earlier.cpuNanos, waitNanos - earlier.waitNanos, runs - earlier.runs);
        }
    }

    /** Those of now; none where nobody tells. */
    public static ThreadTimes now() {
        Map<String, Time> times = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            threads.forEach(thread -> read(thread, times));
        } catch (IOException | DirectoryIteratorException elsewhere) {
            return new ThreadTimes(Map.of());
        }
        return new ThreadTimes(times);
    }

    private static void read(Path thread, Map<String, Time> times) {
        try {
            long[] figures = Arrays.stream(Files.readString(thread.resolve("schedstat"))
                            .strip()
                            .split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            times.put(
                    thread.getFileName().toString(),
                    new Time(Files.readString(thread.resolve("comm")).strip(), figures[0], figures[1], figures[2]));
        } catch (IOException ended) {
            // The thread has, since it was listed.
        }
    }

    /** What has come since; threads that have ended meanwhile are left out. None where nobody tells. */
    public ThreadTimes since(ThreadTimes earlier) {
        if (earlier.byThread.isEmpty()) {
            return earlier;
        }
        Map<String, Time> times = new HashMap<>();
        byThread.forEach((id, time) -> {
            Time before = earlier.byThread.get(id);
            times.put(id, before == null ? time : time.minus(before));
        });
        return new ThreadTimes(times);
    }
}
