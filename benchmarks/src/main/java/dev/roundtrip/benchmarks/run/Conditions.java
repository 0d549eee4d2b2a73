package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.report.Machine;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Under which conditions was measured. */
final class Conditions {
    private Conditions() {}

    static Map<String, String> of(Plan plan) {
        Machine machine = Machine.now();
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put("processor", machine.processor() + ", " + machine.cores() + " cores");
        conditions.put("load", String.format(Locale.ROOT, "%.1f in the minute before", machine.load()));
        conditions.put("system", machine.system());
        conditions.put("Java", machine.java());
        conditions.put(
                "heap",
                Runtime.getRuntime().maxMemory() / (1 << 20) + " MB at most, "
                        + ManagementFactory.getGarbageCollectorMXBeans().stream()
                                .map(GarbageCollectorMXBean::getName)
                                .collect(Collectors.joining(" and ")));
        conditions.put(
                "process",
                "clients, API front, function, broker and devices share one, and all cores; but where calls wait and where cost is measured, clients have a process of their own");
        conditions.put(
                "warm-up",
                plan.warmUp().toMillis()
                        + " ms of calls, half of that of bare MQTT, a quarter of the same with threads that wait, a quarter of bare HTTP; half with many clients and half with one");
        conditions.put("seed", "none: nothing is left to chance but ids");
        return conditions;
    }
}
