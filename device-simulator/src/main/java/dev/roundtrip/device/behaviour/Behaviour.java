package dev.roundtrip.device.behaviour;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.Methods;
import java.util.List;
import java.util.Random;

/** Decides what a device does about a command.
 *
 * <p>A plan is made when the command arrives, for one command of a device at a time, in the order of arrival; so a
 * seeded behaviour decides alike in every run with the same order. Making a plan must not block.
 */
@FunctionalInterface
public interface Behaviour {

    /** What to do about this command, repetitions of it included. An empty plan means that the device never noticed it.
     */
    List<Step> plan(Command command);

    /** Runs the standard methods and answers once. */
    static Behaviour honest() {
        return honest(Methods.standard(DeviceClock.system(), new Random()));
    }

    /** Runs these methods and answers once; a method that is not among them fails as {@code unknown_method}. */
    static Behaviour honest(Methods methods) {
        return command -> List.of(
                methods.method(command.method())
                        .<Step>map(Step.Run::new)
                        .orElseGet(() -> new Step.Fail(methods.unknown(command.method()))),
                new Step.Answer());
    }

    /** This behaviour with a fault in it; faults apply in the order in which they are added. */
    default Behaviour with(Fault fault) {
        return command -> fault.distort(command, plan(command));
    }
}
