package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.load.Sample;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Measures several things in turns, so that what drifts hits them all. */
final class Turns {
    private Turns() {}

    /** Each subject in turn, and all that again for each round; the first tenth of every turn is not counted.
     *
     * @return a sample for each subject, in their order
     */
    static List<Sample> take(List<? extends RoundTrips> subjects, int clients, Plan plan) throws InterruptedException {
        Sample[] samples = new Sample[subjects.size()];
        Arrays.fill(samples, Sample.empty());
        Duration settling = plan.turn().dividedBy(10);
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < samples.length; i++) {
                Sample settled = ClosedLoop.run(subjects.get(i), clients, settling);
                Sample measured = ClosedLoop.run(subjects.get(i), clients, plan.turn());
                samples[i] = samples[i].plus(measured).plusErrors(settled.errors());
            }
        }
        return List.of(samples);
    }
}
