package dev.roundtrip.benchmarks.run;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Under which conditions was measured. */
final class Conditions {
    private Conditions() {}

    static Map<String, String> of(Plan plan) {
        Runtime jvm = Runtime.getRuntime();
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put("processor", processor() + ", " + jvm.availableProcessors() + " cores");
        conditions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        conditions.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        conditions.put(
                "heap",
                jvm.maxMemory() / (1 << 20) + " MB at most, "
                        + ManagementFactory.getGarbageCollectorMXBeans().stream()
                                .map(GarbageCollectorMXBean::getName)
                                .collect(Collectors.joining(" and ")));
        conditions.put(
                "process",
                "clients, API front, function, broker and devices share one, and all cores; but where calls wait and where cost is measured, clients have a process of their own");
        conditions.put(
                "warm-up",
                plan.warmUp().toMillis()
                        + " ms of calls, half of that of bare MQTT, a quarter of bare HTTP; half with many clients and half with one");
        conditions.put("seed", "none: nothing is left to chance but ids");
        return conditions;
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException elsewhere) {
            return System.getProperty("os.arch");
        }
    }
}
