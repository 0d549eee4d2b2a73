package dev.roundtrip.simulator.behaviour;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandHandler;
import dev.roundtrip.device.responder.Decision;
import dev.roundtrip.device.responder.Turn;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.simulator.method.Methods;
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

    /** Runs these methods and answers once; a method that is not among them is refused as {@code unknown_method}. */
    static Behaviour honest(Methods methods) {
        return command -> List.of(
                methods.method(command.method())
                        .<Step>map(Step.Run::new)
                        .orElseGet(() -> new Step.Refuse(methods.unknown(command.method()))),
                new Step.Answer());
    }

    /** This behaviour with a fault in it; faults apply in the order in which they are added. */
    default Behaviour with(Fault fault) {
        return command -> fault.distort(command, plan(command));
    }

    /** This behaviour for a responder. */
    default CommandHandler handler() {
        return command -> {
            List<Step> plan = plan(command);
            if (plan.size() == 2
                    && plan.getFirst() instanceof Step.Refuse refuse
                    && plan.getLast() instanceof Step.Answer) {
                return new Decision.Refuse(refuse.refusal());
            }
            return new Decision.Accept(turn -> {
                for (Step step : plan) {
                    carryOut(step, turn);
                }
            });
        };
    }

    private static void carryOut(Step step, Turn turn) throws TransportException, InterruptedException {
        switch (step) {
            case Step.Run run -> turn.run(run.method());
            case Step.Fail fail -> turn.fail(fail.error());
            case Step.Refuse refuse -> turn.refuse(refuse.refusal());
            case Step.Pause pause -> turn.clock().sleepUntil(turn.clock().now().plus(pause.duration()));
            case Step.PauseUntil until -> turn.clock().sleepUntil(until.instant());
            case Step.Answer answer -> turn.answer();
            case Step.Garbage garbage -> turn.publish(garbage.payload(), "garbage");
        }
    }
}
