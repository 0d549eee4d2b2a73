package dev.roundtrip.benchmarks.scaling;

import java.time.Duration;

/** What is asked of the gateway.
 *
 * @param latency from the command's publication until the answer is there, more than 0
 * @param memoryMegabytes of the function, 1 or more; without meaning on Managed Instances
 * @param callsPerSecond steadily, more than 0
 */
record Workload(Duration latency, int memoryMegabytes, double callsPerSecond) {
    Workload {
        if (!latency.isPositive() || memoryMegabytes < 1 || !(callsPerSecond > 0)) {
            throw new IllegalArgumentException("latency, memory and calls per second must be more than 0");
        }
    }

    Workload withCallsPerSecond(double other) {
        return new Workload(latency, memoryMegabytes, other);
    }
}
