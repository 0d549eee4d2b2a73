package dev.roundtrip.local.endtoend;

import dev.roundtrip.device.responder.Command;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Step;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A device that answers when so many commands are with it at once, and says to each what it was asked. */
final class Meeting implements Behaviour {
    private final CyclicBarrier barrier;

    Meeting(int commands) {
        this.barrier = new CyclicBarrier(commands);
    }

    @Override
    public List<Step> plan(Command command) {
        return List.of(
                new Step.Run((request, call) -> {
                    meet();
                    return request;
                }),
                new Step.Answer());
    }

    private void meet() throws InterruptedException {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException alone) {
            throw new IllegalStateException("some of the commands did not come", alone);
        }
    }
}
