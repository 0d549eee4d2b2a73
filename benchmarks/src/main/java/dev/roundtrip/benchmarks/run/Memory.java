package dev.roundtrip.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process's memory, as Linux tells; source: proc(5), {@code /proc/pid/status}. */
final class Memory {
    private Memory() {}

    /** The most that was ever resident, in MB of 1024 KB; NaN where nobody tells. */
    static double peakMegabytes(ProcessHandle process) {
        return megabytes(process, "VmHWM:");
    }

    /** What is resident now, in MB of 1024 KB; NaN where nobody tells. */
    static double residentMegabytes(ProcessHandle process) {
        return megabytes(process, "VmRSS:");
    }

    private static double megabytes(ProcessHandle process, String field) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException elsewhere) {
            return Double.NaN;
        }
    }
}
