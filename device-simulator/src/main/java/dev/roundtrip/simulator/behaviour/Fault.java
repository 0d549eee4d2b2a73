package dev.roundtrip.simulator.behaviour;

import dev.roundtrip.device.responder.Command;
import dev.roundtrip.protocol.DeviceError;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A way in which a device is worse than it should be: changes the plan for a command. Composable, see {@link #then}
 * and {@link #sometimes}.
 */
@FunctionalInterface
public interface Fault {

    /** The plan with the fault in it. Like {@link Behaviour#plan}, this must not block. */
    List<Step> distort(Command command, List<Step> plan);

    /** No fault. */
    static Fault none() {
        return (command, plan) -> plan;
    }

    /** Begins so much later; what is past its deadline by then does not run.
     *
     * @param duration zero or more
     */
    static Fault delay(Duration duration) {
        return (command, plan) -> plan.isEmpty()
                ? plan
                : Stream.concat(Stream.of(new Step.Pause(duration)), plan.stream())
                        .toList();
    }

    /** Does not notice the command at all. */
    static Fault deaf() {
        return (command, plan) -> List.of();
    }

    /** Runs, and never says so. */
    static Fault silent() {
        return replacing(Step.Answer.class, command -> List.of());
    }

    /** Fails instead of running. */
    static Fault failing(DeviceError error) {
        return replacing(Step.Run.class, command -> List.of(new Step.Fail(error)));
    }

    /** Says the same twice. */
    static Fault duplicate() {
        return replacing(Step.Answer.class, command -> List.of(new Step.Answer(), new Step.Answer()));
    }

    /** Runs in time and answers after the deadline.
     *
     * @param after how long after it
     */
    static Fault late(Duration after) {
        return replacing(
                Step.Answer.class,
                command -> List.of(new Step.PauseUntil(command.deadline().plus(after)), new Step.Answer()));
    }

    /** Says something that is no answer: no JSON, half of it, the wrong shape, or another call's id. */
    static Fault garbage(RandomGenerator random) {
        return replacing(Step.Answer.class, command -> List.of(new Step.Garbage(Gibberish.about(command, random))));
    }

    /** This fault for some commands only.
     *
     * @param probability 0 to 1
     * @param random who decides; seed it to repeat a run, and make it thread-safe when devices share it
     * @throws IllegalArgumentException when the probability is no number from 0 to 1
     */
    default Fault sometimes(double probability, RandomGenerator random) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be 0 to 1, but is " + probability);
        }
        return (command, plan) -> random.nextDouble() < probability ? distort(command, plan) : plan;
    }

    /** This fault, and another one on top. */
    default Fault then(Fault next) {
        return (command, plan) -> next.distort(command, distort(command, plan));
    }

    private static Fault replacing(Class<? extends Step> kind, Function<Command, List<? extends Step>> instead) {
        return (command, plan) -> plan.stream()
                .<Step>mapMulti((step, put) -> {
                    if (kind.isInstance(step)) {
                        instead.apply(command).forEach(put);
                    } else {
                        put.accept(step);
                    }
                })
                .toList();
    }
}
