package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.responder.Turnstiles.Ticket;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.device.store.Outcome;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Turns deliveries into answers, each command on a virtual thread of its own. Thread-safe.
 *
 * <p>Whether a command runs is decided in this order: topic, id, key, deadline, method and arguments, room, sequence.
 * The first of them that fails refuses the command.
 */
public final class Responder implements AutoCloseable {
    /** The most answers without a run on their way out at once, refusals and repetitions; beyond, nothing is told. */
    private static final int MAX_REPETITIONS_IN_FLIGHT = 1_000;

    private static final Duration GRACE = Duration.ofMillis(300);

    private static final DeviceError BROKEN_HANDLER = new DeviceError("internal", "the device's handler is broken");

    private final CommandReader reader;
    private final Limits limits;
    private final Lanes lanes;
    private final CommandHandler handler;
    private final CallMemory memory;
    private final Ledger ledger;
    private final Turnstiles turnstiles = new Turnstiles();
    private final LaneMethods laneMethods;
    private final Environment environment;
    private final ReentrantLock deciding = new ReentrantLock();
    private final Semaphore calls;
    private final Semaphore repetitions = new Semaphore(MAX_REPETITIONS_IN_FLIGHT);
    private final ExecutorService threads;
    private volatile boolean closing;

    /** Makes the answering half of one device, which forgets keys and counters when it ends.
     *
     * @param self who it is
     * @param limits what it takes on
     * @param handler what it does about a command
     * @param environment its clock, its way out, and who listens
     */
    public Responder(Target self, Limits limits, CommandHandler handler, Environment environment) {
        this(self, Rules.of(limits), handler, environment, inMemory(Rules.of(limits), environment));
    }

    private Responder(Target self, Rules rules, CommandHandler handler, Environment environment, Ledger ledger) {
        this.reader = new CommandReader(self, rules.limits());
        this.limits = rules.limits();
        this.lanes = rules.lanes();
        this.handler = handler;
        this.memory = new CallMemory(limits.maxRemembered(), limits.maxAnswerBytes());
        this.ledger = ledger;
        this.laneMethods = new LaneMethods(ledger, rules.lanes(), turnstiles);
        this.environment = environment;
        this.calls = new Semaphore(limits.maxInFlight());
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(self + "-call-", 0).factory());
        for (Ledger.Recalled recalled : ledger.recalled()) {
            byte[] payload =
                    recalled.outcome().answer(recalled.id(), recalled.memory()).encode();
            memory.recall(
                    recalled.id().id(),
                    recalled.deadline(),
                    new Saying(recalled.outcome().word(), payload));
        }
    }

    /** Makes the answering half of one device, with a journal of keys and counters.
     *
     * @param journal what an earlier run of the device left; closed by the caller, after the responder
     * @throws IOException when the journal cannot be written
     */
    public static Responder with(
            Journal journal, Target self, Rules rules, CommandHandler handler, Environment environment)
            throws IOException {
        return new Responder(self, rules, handler, environment, new Ledger(rules, journal, environment.clock()));
    }

    private static Ledger inMemory(Rules rules, Environment environment) {
        try {
            return new Ledger(rules, Journal.none(), environment.clock());
        } catch (IOException impossible) {
            throw new IllegalStateException("nothing is written", impossible);
        }
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
        deciding.lock();
        try {
            take(delivery);
        } catch (RuntimeException defect) {
            // The MQTT client calls this, and must not break because of one delivery.
            tell(new CommandEvent.Discarded(
                    reader.self(), "the device broke: " + defect.getClass().getName()));
        } finally {
            deciding.unlock();
        }
    }

    private void take(Delivery delivery) {
        Instant now = environment.clock().now();
        Command command;
        try {
            command = reader.read(delivery, now);
        } catch (NotACommandException malformed) {
            tell(new CommandEvent.Discarded(reader.self(), String.valueOf(malformed.getMessage())));
            return;
        }
        tell(new CommandEvent.Received(command));
        switch (memory.see(command.id(), deadline(command, now), now)) {
            case FIRST -> decide(command, delivery);
            case RUNNING -> tell(new CommandEvent.Repeated(command));
            case FINISHED -> {
                tell(new CommandEvent.Repeated(command));
                repeat(command, delivery, memory.outcome(command.id()));
            }
            // Not answered: what cannot be remembered could run when it is repeated, whatever its caller was told.
            case FULL -> {
                tell(new CommandEvent.Refused(command, Refusals.BUSY));
                tell(new CommandEvent.Unanswered(command, "it could not be remembered, and might run when repeated"));
            }
        }
    }

    /** Its deadline as the memory counts it: a deadline may be any number. */
    private Instant deadline(Command command, Instant now) {
        Instant deadline = command.deadline();
        Instant furthest = now.plus(longest());
        return deadline.isBefore(now) ? now : deadline.isAfter(furthest) ? furthest : deadline;
    }

    /** Decides about a command whose id is new. */
    private void decide(Command command, Delivery delivery) {
        switch (ledger.lookUp(command, delivery)) {
            case Ledger.Known.Ended ended -> {
                tell(new CommandEvent.Repeated(command));
                replay(command, delivery, ended.outcome());
            }
            case Ledger.Known.AtWork atWork -> tell(new CommandEvent.Repeated(command));
            case Ledger.Known.No no -> refuse(command, delivery, no.refusal());
            case Ledger.Known.Nothing nothing -> decideUnknown(command, delivery);
        }
    }

    private void decideUnknown(Command command, Delivery delivery) {
        Instant now = environment.clock().now();
        if (now.isAfter(command.deadline())) {
            refuse(command, delivery, Refusals.expired(command.deadline(), now));
            return;
        }
        if (command.deadline().isAfter(now.plus(longest()))) {
            refuse(command, delivery, Refusals.tooFar(command.deadline(), now));
            return;
        }
        switch (decision(command)) {
            case Decision.Refuse refuse -> refuse(command, delivery, refuse.refusal());
            case Decision.Accept accept -> {
                if (!calls.tryAcquire()) {
                    refuse(command, delivery, Refusals.BUSY);
                } else if (!ledger.reserve(command)) {
                    calls.release();
                    refuse(command, delivery, Refusals.NO_ROOM_FOR_A_KEY);
                } else {
                    String queue = lanes.queueOf(command);
                    Ticket ticket = queue == null ? null : turnstiles.join(queue);
                    CallRun run = CallRun.first(command, delivery, this, ticket);
                    execute(calls, command, () -> run.carryOut(accept.reaction()), run::withdraw);
                }
            }
        }
    }

    private Decision decision(Command command) {
        try {
            Decision ours = laneMethods.decide(command);
            return ours == null ? handler.decide(command) : ours;
        } catch (RuntimeException | Error bug) {
            return new Decision.Accept(turn -> {
                turn.fail(BROKEN_HANDLER);
                turn.answer();
            });
        }
    }

    /** Gives what is known of a call again. */
    private void repeat(Command command, Delivery delivery, @Nullable Saying saying) {
        if (repetitions.tryAcquire()) {
            Reaction reaction = switch (decision(command)) {
                case Decision.Accept accept -> accept.reaction();
                case Decision.Refuse refuse -> Turn::answer;
            };
            CallRun run = CallRun.repeated(command, delivery, this, saying);
            execute(repetitions, command, () -> run.carryOut(reaction), () -> {});
        }
    }

    /** Gives the outcome of an earlier call with the same key. */
    private void replay(Command command, Delivery delivery, Outcome outcome) {
        Saying saying = Saying.of(outcome, command, ledger.memory(command, Replay.REPLAYED));
        memory.finish(command.id(), saying);
        repeat(command, delivery, saying);
    }

    /** Refuses a command for good: a repetition gets the same word, even when there is room again. */
    private void refuse(Command command, Delivery delivery, DeviceRefusal refusal) {
        Saying saying = Saying.notRun(refusal, command, ledger.memory(command, Replay.FIRST));
        memory.finish(command.id(), saying);
        tell(new CommandEvent.Refused(command, refusal));
        if (repetitions.tryAcquire()) {
            CallRun run = CallRun.repeated(command, delivery, this, saying);
            execute(repetitions, command, () -> run.carryOut(Turn::answer), () -> {});
        } else {
            tell(new CommandEvent.Unanswered(command, "too many answers are on their way"));
        }
    }

    /** The call that these waited for has ended. */
    void answer(List<Ledger.Waiter> waiters, Outcome outcome) {
        if (waiters.isEmpty()) {
            return;
        }
        deciding.lock();
        try {
            waiters.forEach(waiter -> replay(waiter.command(), waiter.delivery(), outcome));
        } finally {
            deciding.unlock();
        }
    }

    /** The call that these waited for did not run: one of them may. */
    void admitAgain(List<Ledger.Waiter> waiters) {
        if (waiters.isEmpty()) {
            return;
        }
        deciding.lock();
        try {
            waiters.forEach(waiter -> decide(waiter.command(), waiter.delivery()));
        } finally {
            deciding.unlock();
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
        } catch (RejectedExecutionException closed) {
            permit.release();
            whenClosing.run();
            tell(new CommandEvent.Refused(command, Refusals.CLOSING));
        }
    }

    private void tell(CommandEvent event) {
        environment.listener().on(event);
    }

    CallMemory memory() {
        return memory;
    }

    Ledger ledger() {
        return ledger;
    }

    Environment environment() {
        return environment;
    }

    boolean isClosing() {
        return closing;
    }

    /** The longest time that a call is remembered or answered. */
    Duration longest() {
        return limits.maxDeadline().plus(limits.clockTolerance());
    }

    /** The calls remembered now. */
    int remembered() {
        return memory.size();
    }

    /** Takes no more commands, gives those at work a little time to end, and interrupts the rest. */
    @Override
    public void close() {
        closing = true;
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
