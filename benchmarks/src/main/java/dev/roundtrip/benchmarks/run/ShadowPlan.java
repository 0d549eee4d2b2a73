package dev.roundtrip.benchmarks.run;

/** How much is measured of shadows.
 *
 * @param plan turns and clients
 * @param few devices and shadows to begin with
 * @param many devices and shadows in the end, more than a few
 * @param updatesPerSecond the rate at which the cost of an update is measured
 */
public record ShadowPlan(Plan plan, int few, int many, double updatesPerSecond) {
    /** What is published. */
    public static final ShadowPlan FULL = new ShadowPlan(Plan.DEPLOYED, 100, 10_000, 500);

    /** Shows that everything works, and nothing else. */
    public static final ShadowPlan SMOKE = new ShadowPlan(Plan.SMOKE, 2, 20, 50);

    /** The same with fewer devices in the end, and short turns. */
    public static final ShadowPlan QUICK = new ShadowPlan(Plan.QUICK, 100, 1_000, 200);

    /** The same with another number of devices in the end.
     *
     * @throws IllegalArgumentException when these are not more than a few
     */
    public ShadowPlan withMany(int devices) {
        if (devices <= few) {
            throw new IllegalArgumentException("there are " + few + " devices to begin with, and then more");
        }
        return new ShadowPlan(plan, few, devices, updatesPerSecond);
    }
}
