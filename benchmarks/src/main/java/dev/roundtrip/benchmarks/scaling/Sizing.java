package dev.roundtrip.benchmarks.scaling;

/** How many execution environments of one vCPU and 2 GB, with one connection each, Managed Instances need.
 *
 * @param byConnections as many as carry the messages
 * @param byThreads as many as hold the calls that wait
 */
record Sizing(long byConnections, long byThreads) {
    /** Over three availability zones, by default. Source: AWS Lambda developer guide, "Lambda Managed Instances". */
    static final long MIN_ENVIRONMENTS = 3;

    /** For Java, by default; 64 at the most. Source: the same. */
    static final long THREADS_PER_VCPU = 32;

    /** Publishes in and out together, fixed. Source: AWS General Reference, "AWS IoT Core message broker and protocol
     * limits and quotas".
     */
    static final double PUBLISHES_PER_CONNECTION = 100;

    long environments() {
        return Math.max(MIN_ENVIRONMENTS, Math.max(byConnections, byThreads));
    }
}
