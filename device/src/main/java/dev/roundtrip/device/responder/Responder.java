package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Turns deliveries into answers, each command on a virtual thread of its own. Thread-safe. */
public final class Responder implements AutoCloseable {
    /** The most answers without a run on their way out at once, refusals and repetitions; beyond, nothing is told. */
    private static final int MAX_REPETITIONS_IN_FLIGHT = 1_000;

    private static final Duration GRACE = Duration.ofMillis(300);

    private static final DeviceError BROKEN_HANDLER = new DeviceError("internal", "the device's behaviour is broken");

    private final CommandReader reader;
    private final Limits limits;
    private final CommandHandler handler;
    private final CallMemory memory;
    private final Environment environment;
    private final Semaphore calls;
    private final Semaphore repetitions = new Semaphore(MAX_REPETITIONS_IN_FLIGHT);
    private final ExecutorService threads;

    /** Makes the answering half of one device.
     *
     * @param self who it is
     * @param limits what it takes on
     * @param handler what it does about a command
     * @param environment its clock, its way out, and who listens
     */
    public Responder(Target self, Limits limits, CommandHandler handler, Environment environment) {
        this.reader = new CommandReader(self, limits);
        this.limits = limits;
        this.handler = handler;
        this.memory = new CallMemory(limits.maxRemembered(), limits.maxAnswerBytes());
        this.environment = environment;
        this.calls = new Semaphore(limits.maxInFlight());
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(self + "-call-", 0).factory());
    }

    /** What a responder needs of the world.
     *
     * @param clock the device's idea of time
     * @param publisher where answers go
     * @param listener who hears what happens
     */
    public record Environment(DeviceClock clock, AnswerPublisher publisher, CommandListener listener) {}

    /** Takes a delivery in; returns at once. Call it for one delivery at a time, in the order of arrival. */
    public void deliver(Delivery delivery) {
        Instant now = environment.clock().now();
        Command command;
        try {
            command = reader.read(delivery, now);
        } catch (NotACommandException malformed) {
            tell(new CommandEvent.Discarded(reader.self(), String.valueOf(malformed.getMessage())));
            return;
        }
        tell(new CommandEvent.Received(command));
        if (now.isAfter(command.deadline())) {
            tell(new CommandEvent.Refused(command, Refusal.PAST_DEADLINE));
            return;
        }
        Instant furthest = now.plus(limits.maxDeadline()).plus(limits.clockTolerance());
        if (command.deadline().isAfter(furthest)) {
            begin(command, delivery, memory.see(command.id(), furthest, now), Refusal.DEADLINE_TOO_FAR);
        } else {
            begin(command, delivery, memory.see(command.id(), command.deadline(), now), null);
        }
    }

    /** @param refusal why a new command shall not run; null when it may */
    private void begin(
            Command command, Delivery delivery, CallMemory.Occurrence occurrence, @Nullable Refusal refusal) {
        switch (occurrence) {
            case FIRST -> {
                if (refusal != null) {
                    refuse(command, delivery, refusal);
                } else if (calls.tryAcquire()) {
                    start(calls, command, delivery, occurrence);
                } else {
                    refuse(command, delivery, Refusal.BUSY);
                }
            }
            case RUNNING -> tell(new CommandEvent.Repeated(command));
            case FINISHED -> {
                tell(new CommandEvent.Repeated(command));
                if (repetitions.tryAcquire()) {
                    start(repetitions, command, delivery, occurrence);
                }
            }
            // Not answered: what cannot be remembered could run when it is repeated, whatever its caller was told.
            case FULL -> tell(new CommandEvent.Refused(command, refusal == null ? Refusal.BUSY : refusal));
        }
    }

    private void start(Semaphore permit, Command command, Delivery delivery, CallMemory.Occurrence occurrence) {
        CallRun run = new CallRun(command, delivery, occurrence, memory, environment);
        Reaction reaction = reaction(command);
        execute(permit, command, () -> run.carryOut(reaction), run::withdraw);
    }

    private Reaction reaction(Command command) {
        try {
            return handler.reactTo(command);
        } catch (RuntimeException | Error bug) {
            return turn -> {
                turn.fail(BROKEN_HANDLER);
                turn.answer();
            };
        }
    }

    /** Refuses a command for good: a repetition gets the same word, even when there is room again. */
    private void refuse(Command command, Delivery delivery, Refusal refusal) {
        Outcome outcome = Outcome.notRun(command, refusal.error());
        memory.finish(command.id(), outcome);
        tell(new CommandEvent.Refused(command, refusal));
        if (repetitions.tryAcquire()) {
            CallRun run = new CallRun(command, delivery, CallMemory.Occurrence.FINISHED, memory, environment);
            execute(repetitions, command, () -> run.turnAway(outcome), () -> {});
        }
    }

    private void execute(Semaphore permit, Command command, Runnable work, Runnable whenClosing) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    permit.release();
                }
            });
        } catch (RejectedExecutionException closing) {
            permit.release();
            whenClosing.run();
            tell(new CommandEvent.Refused(command, Refusal.CLOSING));
        }
    }

    private void tell(CommandEvent event) {
        environment.listener().on(event);
    }

    /** The calls remembered now. */
    int remembered() {
        return memory.size();
    }

    /** Takes no more commands, gives those at work a little time to end, and interrupts the rest. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                if (!threads.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    // A method that does not heed its interrupt; its answer will find the connection closed.
                    return;
                }
            }
        } catch (InterruptedException interrupted) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
