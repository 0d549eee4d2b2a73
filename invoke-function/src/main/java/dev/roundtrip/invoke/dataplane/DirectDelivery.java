package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.Repetition;
import dev.roundtrip.invoke.dataplane.DataPlane.Cut;
import dev.roundtrip.invoke.dataplane.DataPlane.NotConnected;
import dev.roundtrip.invoke.dataplane.DataPlane.Perhaps;
import dev.roundtrip.invoke.dataplane.DataPlane.Refused;
import dev.roundtrip.invoke.mqtt.Delivery;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.invoke.mqtt.OutgoingCommand;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Sends a direct message, which the broker takes only for a device that is connected. Thread-safe.
 *
 * <p>The device may answer before the broker confirms the delivery: so a thread of its own waits for that, and the call
 * for its answer.
 */
public final class DirectDelivery implements Delivery {
    /** How soon a device that was away is tried again, for a caller that waits. */
    static final Duration PACE = Duration.ofMillis(500);

    private final DataPlane dataPlane;
    private final PresenceCheck check;
    private final CallLog log;

    /** @param log is told of defects, before the call they end */
    public DirectDelivery(DataPlane dataPlane, CallLog log, Clocks clocks) {
        this.dataPlane = dataPlane;
        this.check = new PresenceCheck(dataPlane, PresenceCheck.Scope.CONNECTION, clocks);
        this.log = log;
    }

    @Override
    public void deliver(OutgoingCommand dispatch) throws MqttException {
        dispatch.listen();
        Thread.ofVirtual().name("direct-message").start(() -> send(dispatch));
        dispatch.timings().mark("publish");
    }

    private void send(OutgoingCommand dispatch) {
        Command command = dispatch.command();
        Deadline waiting = Waiting.of(command);
        try {
            while (dispatch.pending().isWaiting()) {
                switch (dataPlane.send(command)) {
                    case Perhaps perhaps -> {
                        dispatch.pending().handedOver();
                        dispatch.repeatBy(() -> sendAgain(dispatch));
                        return;
                    }
                    case Cut cut -> {
                        dispatch.pending().handedOver();
                        dispatch.repeatBy(() -> sendAgain(dispatch));
                        if (command.repetition() == Repetition.SAFE) {
                            pause(command.deadline());
                            sendAgain(dispatch);
                        }
                        return;
                    }
                    case Refused refused -> {
                        dispatch.pending().settle(refused.result());
                        return;
                    }
                    case NotConnected away -> {
                        if (!command.absence().waits() || waiting.hasPassed()) {
                            dispatch.pending().settle(describe(command));
                            return;
                        }
                    }
                }
                pause(waiting);
                dispatch.listenAgain();
            }
        } catch (MqttException deaf) {
            // The last attempt reached nobody, and there is no other.
            dispatch.pending().settle(deaf.result());
        } catch (InterruptedException nobodyInterrupts) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError defect) {
            log.defect(command.route().id(), defect);
            dispatch.pending().settle(new InvocationResult.Defect());
        }
    }

    private static void pause(Deadline deadline) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.min(PACE.toNanos(), deadline.remainingNanos()));
    }

    /** Sends a command with a key once more, and again as long as the connections to the data plane break. What comes
     * of it ends no call, except one that waits only until the device has the command: the first one may have run.
     */
    private void sendAgain(OutgoingCommand dispatch) {
        try {
            while (dispatch.pending().isWaiting()) {
                switch (dataPlane.send(dispatch.command())) {
                    case Perhaps perhaps -> {
                        dispatch.pending().handedOver();
                        return;
                    }
                    case Refused refused -> {
                        return;
                    }
                    case NotConnected away -> {
                        return;
                    }
                    case Cut cut -> pause(dispatch.command().deadline());
                }
            }
        } catch (InterruptedException nobodyInterrupts) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError defect) {
            log.defect(dispatch.command().route().id(), defect);
        }
    }

    private InvocationResult.Offline describe(Command command) throws InterruptedException {
        Duration limit = command.deadline().remaining().dividedBy(2);
        return check.latest(command.route().target(), command.deadline().atMost(limit))
                .offline();
    }

    @Override
    public void disconnect() {
        dataPlane.disconnect();
    }
}
