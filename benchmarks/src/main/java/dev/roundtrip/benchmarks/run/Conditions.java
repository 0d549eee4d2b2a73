package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.report.Machine;
import dev.roundtrip.local.lambda.RuntimeClient;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Under which conditions was measured. */
final class Conditions {
    private Conditions() {}

    /** Of a run in one process. */
    static Map<String, String> of(Plan plan) {
        Map<String, String> conditions = machine();
        conditions.put(
                "process",
                "clients, API front, function, broker and devices share one, and all cores; but where calls wait and"
                        + " where cost is measured, clients have a process of their own");
        conditions.put(
                "warm-up",
                plan.warmUp().toMillis()
                        + " ms of calls, half of that of bare MQTT, a quarter each of the same with threads that wait,"
                        + " of bare HTTP, and of both in a row; half with many clients and half with one");
        conditions.put("seed", "none: nothing is left to chance but ids");
        return conditions;
    }

    /** Of a run of the packaged function. */
    static Map<String, String> deployed(Plan plan) {
        Map<String, String> conditions = machine();
        conditions.put(
                "process",
                "clients, API front, broker and devices share one; each function has one of its own, unless the row"
                        + " says otherwise; all share all cores");
        conditions.put(
                "function",
                "from its package, under AWS's runtime client, on the JVM above with "
                        + String.join(" ", RuntimeClient.MANAGED_FLAGS));
        conditions.put(
                "warm-up",
                plan.warmUp().dividedBy(2).toMillis() + " ms of each, before each section, with more and more clients");
        conditions.put("seed", "none: nothing is left to chance but ids");
        return conditions;
    }

    private static Map<String, String> machine() {
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
        return conditions;
    }
}
