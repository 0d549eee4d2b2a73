package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.AbsencePolicy;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.DataPlane.Again;
import dev.roundtrip.invoke.dataplane.DataPlane.Answered;
import dev.roundtrip.invoke.dataplane.DataPlane.Connected;
import dev.roundtrip.invoke.dataplane.DataPlane.Connection;
import dev.roundtrip.invoke.dataplane.DataPlane.Unanswered;
import dev.roundtrip.invoke.mqtt.Delivery;
import dev.roundtrip.invoke.mqtt.MqttChannel;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.invoke.mqtt.OutgoingCommand;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Publishes; where the caller wants it, waits before for a device that is away, and asks after whether it was there.
 * Thread-safe.
 */
public final class PublishDelivery implements Delivery {
    /** How long the broker's word that a device is away counts for a call whose wait ends without a later one; our
     * choice, three questions long.
     */
    private static final Duration SAYS_SOMETHING = PresenceCheck.PACE.multipliedBy(3);

    private final DataPlane dataPlane;
    private final PresenceCheck presence;
    private final Clocks clocks;

    public PublishDelivery(DataPlane dataPlane, Clocks clocks) {
        this.dataPlane = dataPlane;
        this.presence = new PresenceCheck(dataPlane, PresenceCheck.Scope.SUBSCRIPTIONS, clocks);
        this.clocks = clocks;
    }

    @Override
    public void deliver(OutgoingCommand dispatch) throws MqttException {
        AbsencePolicy absence = dispatch.command().absence();
        if (absence.waits()) {
            InvocationResult.NotSent away = awaitDevice(dispatch.command());
            if (away != null) {
                dispatch.pending().settle(away);
                return;
            }
            dispatch.timings().mark("wait");
        }
        switch (absence.presence()) {
            case UNCHECKED -> dispatch.publish(dispatch.acknowledgement());
            case CHECKED -> dispatch.publish(new Check(dispatch, clocks.now()));
        }
    }

    /** Holds the command back until its device listens; a device that comes back and listens gets it at most a second
     * later.
     */
    private InvocationResult.@Nullable NotSent awaitDevice(Command command) throws MqttException {
        Deadline until = Waiting.of(command);
        PresenceReport last = null;
        try {
            while (true) {
                PresenceReport report = presence.next(command.route().target(), until);
                if (report.isReadyFor(command.requestTopic().value())) {
                    return null;
                }
                boolean told = report.connection() instanceof Answered<Connection>;
                last = told || last == null ? report : last;
                boolean hopeless = refusal(report) instanceof Unanswered<?> refused && refused.again() == Again.NEVER;
                if (hopeless || until.hasPassed()) {
                    return hopeless ? notSent(report) : notSentAfter(last);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the function is stopping");
        }
    }

    /** What was said before a freeze, or before a silence, says nothing of now. */
    private InvocationResult.NotSent notSentAfter(PresenceReport last) {
        boolean isStale = last.connection() instanceof Answered<Connection> answered
                && clocks.mayHavePassed(SAYS_SOMETHING, answered.heardAt());
        return isStale
                ? new InvocationResult.Unavailable("the broker did not say lately whether the device is connected")
                : notSent(last);
    }

    private static DataPlane.Asked<?> refusal(PresenceReport report) {
        boolean connected =
                report.connection() instanceof Answered<Connection> answered && answered.answer() instanceof Connected;
        return connected ? report.filters() : report.connection();
    }

    private static InvocationResult.NotSent notSent(PresenceReport report) {
        return switch (report.connection()) {
            case Unanswered<Connection> unanswered -> new InvocationResult.Unavailable(unanswered.sentence());
            case Answered<Connection> answered ->
                switch (answered.answer()) {
                    case Connected connected ->
                        new InvocationResult.Unavailable(
                                report.filters() instanceof Unanswered<?> unanswered
                                        ? unanswered.sentence()
                                        : "the device is connected, and does not subscribe to its commands");
                    case DataPlane.Disconnected gone -> report.offline();
                    case DataPlane.Unknown unknown -> report.offline();
                };
        };
    }

    @Override
    public void disconnect() {
        dataPlane.disconnect();
    }

    /** Once the broker has the command, asks whether the device can have got it. */
    private final class Check implements MqttChannel.Acknowledgement {
        private final OutgoingCommand dispatch;
        private final Clocks.Moment sentAfter;

        Check(OutgoingCommand dispatch, Clocks.Moment sentAfter) {
            this.dispatch = dispatch;
            this.sentAfter = sentAfter;
        }

        @Override
        public void refused(InvocationResult.NotSent refusal) {
            dispatch.pending().settle(refusal);
        }

        /** Only what the broker took, it will not take later: so nobody asks before. */
        @Override
        public void accepted() {
            Thread.ofVirtual().name("presence-check").start(this::check);
        }

        private void check() {
            try {
                Command command = dispatch.command();
                PresenceReport report = presence.next(command.route().target(), command.deadline());
                if (report.provesThatItNeverArrives(sentAfter)) {
                    dispatch.pending().settle(report.offline());
                }
                dispatch.pending().handedOver();
            } catch (InterruptedException nobodyInterrupts) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
