package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.Repetition;
import dev.roundtrip.invoke.Timings;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A command that is sent: listens for the answer, then publishes. Used by one thread at a time. */
public final class OutgoingCommand {
    private final WarmChannel channel;
    private final Pace pace;
    private final Command command;
    private final PendingAcks.Pending pending;
    private final Timings timings;

    /** Guards {@code repeated}, so that a refusal of the first sending and a second sending exclude each other. */
    private final ReentrantLock repetition = new ReentrantLock();

    private boolean repeated;

    /** The line that listens for the answer to a command that goes another way; null before. */
    private @Nullable Line heardOn;

    /** What a command goes over.
     *
     * @param channel the connection
     * @param pace when it is its turn
     */
    record PacedChannel(WarmChannel channel, Pace pace) {}

    OutgoingCommand(PacedChannel way, Command command, PendingAcks.Pending pending, Timings timings) {
        this.channel = way.channel();
        this.pace = way.pace();
        this.command = command;
        this.pending = pending;
        this.timings = timings;
    }

    public Command command() {
        return command;
    }

    /** The call that waits for the answer. */
    public PendingAcks.Pending pending() {
        return pending;
    }

    /** The parts of the work; of the thread that makes the call. */
    public Timings timings() {
        return timings;
    }

    /** What the broker's word means for the call. */
    public MqttChannel.Acknowledgement acknowledgement() {
        return new MqttChannel.Acknowledgement() {
            @Override
            public void refused(InvocationResult.NotSent refusal) {
                repetition.lock();
                try {
                    // Once it was sent again, a refusal of the first sending says nothing of the second.
                    if (!repeated) {
                        pending.settle(refusal);
                    }
                } finally {
                    repetition.unlock();
                }
            }

            @Override
            public void accepted() {
                pending.handedOver();
            }
        };
    }

    /** Listens for the answer, and publishes.
     *
     * @throws MqttException when the command was not handed over, and never will be
     */
    public void publish(MqttChannel.Acknowledgement acknowledgement) throws MqttException {
        onWarmLine(line -> {
            line.channel().publish(command, acknowledgement);
            timings.mark("publish");
            // Not before: of a command that was not handed over it is said that it never will be.
            repeatWhenLost(line, next -> next.channel().publish(command, new OfRepetition()));
        });
    }

    /** Listens for the answer, for a command that goes another way.
     *
     * @throws MqttException when the answer would not be heard
     */
    public void listen() throws MqttException {
        onWarmLine(line -> heardOn = line);
    }

    /** Sees to it that the answer is still listened for, however long ago that began.
     *
     * @throws MqttException when the answer would not be heard
     */
    public void listenAgain() throws MqttException {
        Line line = channel.warm(command.deadline());
        listenOn(line);
        heardOn = line;
    }

    private void listenOn(Line line) throws MqttException {
        line.acks().listen(command.route().wireId(), command.deadline());
        if (!pending.isWaiting()) {
            // It ended on the way: whoever released it found nothing yet.
            line.acks().release(command.route().id());
        }
    }

    /** Has a command that went another way sent once more when the connection breaks that listens for its answer. To be
     * called when the command may have reached its device.
     *
     * @param sending sends it; may block, and what comes of it ends no call
     */
    public void repeatBy(Runnable sending) {
        Line line = heardOn;
        if (line != null) {
            repeatWhenLost(line, next -> sending.run());
        }
    }

    private void repeatWhenLost(Line line, Work again) {
        if (command.repetition() == Repetition.UNSAFE) {
            return;
        }
        channel.repeat(command.route().id(), line, next -> repeatOn(next, again));
        if (!pending.isWaiting()) {
            // It ended on the way: whoever released it found nothing yet.
            channel.release(command.route().id());
        }
    }

    /** Sends the command once more, after a connection broke, unless the call has ended or its answer would not be
     * heard. Blocks until it is the command's turn.
     */
    private void repeatOn(Line line, Work again) {
        try {
            pace.await(command.deadline());
            listenOn(line);
            if (isToBeRepeated()) {
                again.on(line);
            }
        } catch (MqttException lost) {
            // The next connection repeats it, or the call ends as a timeout.
        }
    }

    /** What the broker says to a repetition tells nothing of the first one, except that the broker has it. */
    private final class OfRepetition implements MqttChannel.Acknowledgement {
        @Override
        public void refused(InvocationResult.NotSent refusal) {}

        @Override
        public void accepted() {
            pending.handedOver();
        }
    }

    private boolean isToBeRepeated() {
        repetition.lock();
        try {
            repeated = pending.isWaiting();
            return repeated;
        } finally {
            repetition.unlock();
        }
    }

    /** What is done on a line that hears the answer; it throws only when it did nothing. */
    private interface Work {
        void on(Line line) throws MqttException;
    }

    private void onWarmLine(Work work) throws MqttException {
        if (pace.await(command.deadline())) {
            timings.mark("pace");
        }
        Line line = channel.warm(command.deadline());
        try {
            listenThen(work, line);
        } catch (MqttException notSent) {
            if (line.channel().isOpen()) {
                throw notSent;
            }
            // Lost, or replaced, just before it was used. Certainly nothing was sent: once more is not twice.
            listenThen(work, channel.warm(command.deadline()));
        }
    }

    private void listenThen(Work work, Line line) throws MqttException {
        timings.mark("connect");
        line.acks().listen(command.route().wireId(), command.deadline());
        timings.mark("subscribe");
        work.on(line);
        line.acks().sent();
    }
}
