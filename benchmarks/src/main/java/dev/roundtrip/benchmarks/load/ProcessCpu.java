package dev.roundtrip.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** The CPU time of this process, on all cores together. */
public final class ProcessCpu {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ProcessCpu() {}

    /** Since the process began. */
    public static Duration spent() {
        return Duration.ofNanos(SYSTEM.getProcessCpuTime());
    }
}
