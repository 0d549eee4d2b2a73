package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.load.Sample;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Measures several things in turns, so that what drifts hits them all. */
final class Turns {
    private Turns() {}

    /** What takes turns.
     *
     * @param roundTrips what is asked
     * @param elsewhere the processes that work for it beside this one; their CPU time counts
     */
    record Subject(RoundTrips roundTrips, List<ProcessHandle> elsewhere) {
        Subject {
            elsewhere = List.copyOf(elsewhere);
        }

        /** One that this process does everything for. */
        static Subject here(RoundTrips roundTrips) {
            return new Subject(roundTrips, List.of());
        }

        /** Asks for that long; the sample has the CPU time of all processes. */
        Sample sample(int clients, Duration time) throws InterruptedException {
            Duration before = cpuElsewhere();
            Sample sample = ClosedLoop.run(roundTrips, clients, time);
            return sample.plusCpu(cpuElsewhere().minus(before));
        }

        /** To the hundredth of a second that Linux counts in; nothing where nobody tells. */
        private Duration cpuElsewhere() {
            return elsewhere.stream()
                    .map(process -> process.info().totalCpuDuration())
                    .flatMap(Optional::stream)
                    .reduce(Duration.ZERO, Duration::plus);
        }
    }

    /** Each subject in turn, and all that again for each round; the first tenth of every turn is not counted.
     *
     * @return a sample for each subject, in their order
     */
    static List<Sample> take(List<? extends RoundTrips> subjects, int clients, Plan plan) throws InterruptedException {
        return takeAll(subjects.stream().map(Subject::here).toList(), clients, plan);
    }

    /** The same for subjects for which other processes work too. */
    static List<Sample> takeAll(List<Subject> subjects, int clients, Plan plan) throws InterruptedException {
        Sample[] samples = new Sample[subjects.size()];
        Arrays.fill(samples, Sample.empty());
        Duration settling = plan.turn().dividedBy(10);
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < samples.length; i++) {
                Sample settled = subjects.get(i).sample(clients, settling);
                Sample measured = subjects.get(i).sample(clients, plan.turn());
                samples[i] = samples[i].plus(measured).plusErrors(settled.errors());
            }
        }
        return List.of(samples);
    }
}
