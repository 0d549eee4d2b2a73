package dev.roundtrip.benchmarks.coldstart;

import java.lang.management.ManagementFactory;

/** Where it was measured.
 *
 * @param processors how many there are
 * @param load the system's load average of the last minute, which includes the measurement itself; negative where nobody knows
 * @param system the operating system
 * @param java the JVM
 */
record Machine(int processors, double load, String system, String java) {

    static Machine now() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    }
}
