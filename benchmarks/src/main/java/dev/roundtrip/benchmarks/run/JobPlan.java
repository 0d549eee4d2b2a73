package dev.roundtrip.benchmarks.run;

/** How much is measured of jobs and commands.
 *
 * @param plan turns and clients
 * @param few executions that wait in the short queue
 * @param many executions that wait in the long queue, more than a few
 * @param starts how many executions are started from each queue in a round
 * @param things how many things a job is rolled out to
 */
public record JobPlan(Plan plan, int few, int many, int starts, int things) {
    /** What is published. */
    public static final JobPlan FULL = new JobPlan(Plan.DEPLOYED, 10, 10_000, 300, 1_000);

    /** Shows that everything works, and nothing else. */
    public static final JobPlan SMOKE = new JobPlan(Plan.SMOKE, 2, 20, 5, 5);

    /** The same numbers in short turns. */
    public static final JobPlan QUICK = new JobPlan(Plan.QUICK, 10, 10_000, 300, 1_000);
}
