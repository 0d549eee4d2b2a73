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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns deliveries into answers, each command on a virtual thread of its own. Thread-safe.
 *
 * <p>Whether a command runs is decided in this order: topic, id, key, deadline, method and arguments, room, sequence.
 * The first of them that fails refuses the command.
 */
public final class Responder implements AutoCloseable {
    /** The most answers without a run on their way out at once, refusals and repetitions; beyond, nothing is told.
     * Those who wait for the call with their key are not among them.
     */
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
                    Moment.now(environment.clock()).plus(atMost(recalled.left())),
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
        Moment now = Moment.now(environment.clock());
        Command command;
        try {
            command = reader.read(delivery, now.clock());
        } catch (NotACommandException malformed) {
            tell(new CommandEvent.Discarded(reader.self(), String.valueOf(malformed.getMessage())));
            return;
        }
        tell(new CommandEvent.Received(command));
        Arrival arrival = new Arrival(command, delivery);
        Moment deadline = now.plus(atMost(Duration.between(now.clock(), command.deadline())));
        switch (memory.see(command.id(), deadline, now)) {
            case FIRST, FULL -> decide(arrival);
            case RUNNING -> tell(new CommandEvent.Repeated(command));
            case FINISHED -> {
                tell(new CommandEvent.Repeated(command));
                repeat(arrival, memory.outcome(command.id()));
            }
        }
    }

    /** A time as the memory counts it: a deadline may be any number. */
    private Duration atMost(Duration left) {
        Duration longest = longest();
        return left.isNegative() ? Duration.ZERO : left.compareTo(longest) > 0 ? longest : left;
    }

    /** Decides about a command whose id is new. */
    private void decide(Arrival arrival) {
        Command command = arrival.command();
        switch (ledger.lookUp(arrival)) {
            case Ledger.Known.Ended ended -> {
                tell(new CommandEvent.Repeated(command));
                replay(arrival, ended.outcome());
            }
            case Ledger.Known.AtWork atWork -> tell(new CommandEvent.Repeated(command));
            case Ledger.Known.No no -> refuse(arrival, no.refusal());
            case Ledger.Known.Nothing nothing -> decideUnknown(arrival);
        }
    }

    private void decideUnknown(Arrival arrival) {
        Command command = arrival.command();
        Instant now = environment.clock().now();
        if (now.isAfter(command.deadline())) {
            refuse(arrival, Refusals.expired(command.deadline(), now));
            return;
        }
        if (command.deadline().isAfter(now.plus(longest()))) {
            refuse(arrival, Refusals.tooFar(command.deadline(), now));
            return;
        }
        switch (decision(command)) {
            case Decision.Refuse refuse -> refuse(arrival, refuse.refusal());
            case Decision.Accept accept -> {
                if (!memory.holds(command.id())) {
                    // Not answered: it could run when it is repeated, whatever its caller was told.
                    ledger.waitingRoom().leave(arrival);
                    tell(new CommandEvent.Refused(command, Refusals.BUSY));
                    tell(new CommandEvent.Unanswered(
                            command, "it could not be remembered, and might run when repeated"));
                } else if (!calls.tryAcquire()) {
                    refuse(arrival, Refusals.BUSY);
                } else if (!ledger.reserve(command)) {
                    calls.release();
                    refuse(arrival, Refusals.NO_ROOM_FOR_A_KEY);
                } else {
                    ledger.waitingRoom().leave(arrival);
                    String queue = lanes.queueOf(command);
                    Ticket ticket = queue == null ? null : turnstiles.join(queue);
                    CallRun run = CallRun.first(arrival, this, ticket);
                    execute(calls::release, command, () -> run.carryOut(accept.reaction()), run::withdraw);
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
    private void repeat(Arrival arrival, @Nullable Saying saying) {
        answer(arrival, saying, () -> switch (decision(arrival.command())) {
            case Decision.Accept accept -> accept.reaction();
            case Decision.Refuse refuse -> Turn::answer;
        });
    }

    /** Gives the outcome of an earlier call with the same key. */
    private void replay(Arrival arrival, Outcome outcome) {
        Command command = arrival.command();
        Saying saying = Saying.of(outcome, command, ledger.memory(command, Replay.REPLAYED));
        memory.finish(command.id(), saying);
        repeat(arrival, saying);
    }

    /** Refuses a command for good: a repetition gets the same word, even when there is room again. */
    private void refuse(Arrival arrival, DeviceRefusal refusal) {
        Command command = arrival.command();
        Saying saying = Saying.notRun(refusal, command, ledger.memory(command, Replay.FIRST));
        memory.finish(command.id(), saying);
        tell(new CommandEvent.Refused(command, refusal));
        answer(arrival, saying, () -> Turn::answer);
    }

    /** Answers without a run. A delivery that waited for another call has its room already. */
    private void answer(Arrival arrival, @Nullable Saying saying, Supplier<Reaction> reaction) {
        Runnable leave;
        if (ledger.waitingRoom().holds(arrival)) {
            leave = () -> ledger.waitingRoom().leave(arrival);
        } else if (repetitions.tryAcquire()) {
            leave = repetitions::release;
        } else {
            tell(new CommandEvent.Unanswered(arrival.command(), "too many answers are on their way"));
            return;
        }
        CallRun run = CallRun.repeated(arrival, this, saying);
        Reaction decided = reaction.get();
        execute(leave, arrival.command(), () -> run.carryOut(decided), () -> {});
    }

    /** The call that these waited for has ended. */
    void answer(List<Arrival> waiters, Outcome outcome) {
        decideAbout(waiters, waiter -> replay(waiter, outcome));
    }

    /** The call that these waited for did not run: one of them may. */
    void admitAgain(List<Arrival> waiters) {
        decideAbout(waiters, this::decide);
    }

    private void decideAbout(List<Arrival> waiters, Consumer<Arrival> decision) {
        if (waiters.isEmpty()) {
            return;
        }
        deciding.lock();
        try {
            waiters.forEach(decision);
        } finally {
            deciding.unlock();
        }
    }

    private void execute(Runnable leave, Command command, Runnable work, Runnable whenClosing) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    leave.run();
                }
            });
        } catch (RejectedExecutionException closed) {
            leave.run();
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
