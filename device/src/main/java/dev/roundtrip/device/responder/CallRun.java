package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.Call;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.responder.Responder.Environment;
import dev.roundtrip.device.responder.Turnstiles.Ticket;
import dev.roundtrip.device.store.Outcome;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.TraceParent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One delivery of a command, from its reaction to its answer. Used by one thread at a time. */
final class CallRun implements Turn {
    /** Why the AWS sample's gateway is told nothing of a command that did not run. */
    private static final String NOT_TOLD =
            "it did not run, and a gateway of the AWS sample takes any answer for success";

    private static final Outcome INTERRUPTED =
            new Outcome.Failed(new DeviceError("internal", "the method broke: it was interrupted"));

    /** Of a call that began, and of which nothing else is known. */
    private static final Outcome BROKEN = new Outcome.Failed(new DeviceError("internal", "the device broke"));

    private static final Outcome UNREADABLE = new Outcome.Failed(
            new DeviceError("internal", "the method's response is nested too deep, or has too long a number or name"));

    /** Room for what an answer to another call with the same key says beside the outcome. */
    private static final int ROOM_FOR_A_REPLAY = 512;

    private final Command command;
    private final Delivery delivery;
    private final Responder responder;
    private final Environment environment;
    private final boolean isFirst;
    private final @Nullable Ticket ticket;
    private boolean hasBegun;
    private boolean isDecided;
    private int published;

    @Nullable private Saying saying;

    private CallRun(Arrival arrival, Responder responder, boolean isFirst, @Nullable Ticket ticket) {
        this.command = arrival.command();
        this.delivery = arrival.delivery();
        this.responder = responder;
        this.environment = responder.environment();
        this.isFirst = isFirst;
        this.ticket = ticket;
    }

    /** The delivery that may run.
     *
     * @param ticket its place in its lane; null when it need not wait
     */
    static CallRun first(Arrival arrival, Responder responder, @Nullable Ticket ticket) {
        return new CallRun(arrival, responder, true, ticket);
    }

    /** A delivery that does not run.
     *
     * @param saying what is said of its call; null when that is no longer known
     */
    static CallRun repeated(Arrival arrival, Responder responder, @Nullable Saying saying) {
        CallRun run = new CallRun(arrival, responder, false, null);
        run.isDecided = true;
        run.saying = saying;
        return run;
    }

    /** Carries out the whole reaction, unless the device's end comes first. */
    void carryOut(Reaction reaction) {
        try {
            reaction.carryOut(this);
            unansweredBecause(saying != null && saying.isSilent() ? NOT_TOLD : "so it behaves");
        } catch (TransportException notTaken) {
            unansweredBecause(String.valueOf(notTaken.getMessage()));
        } catch (InterruptedException closing) {
            unansweredBecause("the device is closing");
        } finally {
            withdraw();
        }
    }

    @Override
    public DeviceClock clock() {
        return environment.clock();
    }

    @Override
    public void run(DeviceMethod method) throws InterruptedException {
        if (isDecided) {
            return;
        }
        if (ticket != null) {
            ticket.awaitTurn();
        }
        // Read once: what is not past the deadline now is told to have run now.
        Instant now = environment.clock().now();
        if (now.isAfter(command.deadline())) {
            refuse(Refusals.expired(command.deadline(), now));
            return;
        }
        DeviceRefusal refusal = responder.ledger().begin(command);
        if (refusal != null) {
            refuse(refusal);
            return;
        }
        hasBegun = true;
        tell(new CommandEvent.Ran(command, now));
        switch (attempt(method)) {
            case Attempt.Ran ran -> end(ran.outcome());
            case Attempt.Refused refused -> refuse(refused.refusal());
        }
    }

    /** Calls the method. A method that ends with an interrupt of its own has broken: only the device's end is none of
     * its outcomes.
     */
    private Attempt attempt(DeviceMethod method) throws InterruptedException {
        try {
            return Attempt.of(method, command.request(), new RunningCall());
        } catch (InterruptedException interrupted) {
            if (responder.isClosing()) {
                throw interrupted;
            }
            return new Attempt.Ran(INTERRUPTED);
        }
    }

    private void end(Outcome outcome) {
        DeviceMemory memory = responder.ledger().memory(command, Replay.FIRST);
        Outcome told = responder.ledger().isWritten(command) ? readable(outcome) : outcome;
        Saying said = Saying.of(told, command, memory);
        int room = Json.MAX_PAYLOAD_BYTES - (command.key() == null ? 0 : ROOM_FOR_A_REPLAY);
        if (said.payload().length > room) {
            told = new Outcome.Failed(new DeviceError(
                    "too_large", "the answer has " + said.payload().length + " bytes, more than " + room));
            said = Saying.of(told, command, memory);
        }
        List<Arrival> waiters = responder.ledger().end(command, told);
        decide(said);
        responder.answer(waiters, told);
    }

    /** What can be read again at the next start: more can be written than read. */
    private static Outcome readable(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Returned returned -> {
                try {
                    JsonText.parse(returned.response().toString().getBytes(StandardCharsets.UTF_8));
                    yield outcome;
                } catch (MalformedJsonException unreadable) {
                    yield UNREADABLE;
                }
            }
            case Outcome.Failed failed -> outcome;
        };
    }

    @Override
    public void fail(DeviceError error) {
        if (isDecided) {
            return;
        }
        List<Arrival> waiters = responder.ledger().withdraw(command);
        Saying said = switch (command.gateway()) {
            case ROUNDTRIP ->
                Saying.of(new Outcome.Failed(error), command, responder.ledger().memory(command, Replay.FIRST));
            case SAMPLE -> Saying.silence(error.code());
        };
        decide(said);
        responder.admitAgain(waiters);
    }

    @Override
    public void refuse(DeviceRefusal refusal) {
        if (isDecided) {
            return;
        }
        List<Arrival> waiters = responder.ledger().withdraw(command);
        decide(Saying.notRun(refusal, command, responder.ledger().memory(command, Replay.FIRST)));
        tell(new CommandEvent.Refused(command, refusal));
        responder.admitAgain(waiters);
    }

    /** From here on a repetition is answered with this, because our own answer may be out before it came. */
    private void decide(Saying said) {
        isDecided = true;
        saying = said;
        responder.memory().finish(command.id(), said);
        leave();
    }

    private void leave() {
        if (ticket != null) {
            ticket.close();
        }
    }

    @Override
    public void answer() throws TransportException, InterruptedException {
        if (saying != null && !saying.isSilent()) {
            publish(saying.payload(), saying.word());
        }
    }

    /** Takes the call as never begun, unless it has. A call that has begun never runs again: it has an outcome, or the
     * device is closing.
     */
    void withdraw() {
        leave();
        if (!isFirst || isDecided) {
            return;
        }
        if (!hasBegun) {
            responder.memory().forget(command.id());
            responder.admitAgain(responder.ledger().withdraw(command));
        } else if (!responder.isClosing()) {
            end(BROKEN);
        }
    }

    @Override
    public void publish(byte[] payload, String word) throws TransportException, InterruptedException {
        environment
                .publisher()
                .publish(new Answer(command.route().answerTopic(), payload, delivery.correlation(), expiry()));
        published++;
        tell(new CommandEvent.Answered(
                command,
                word,
                new String(payload, StandardCharsets.UTF_8),
                Duration.between(command.arrival(), environment.clock().now())));
    }

    /** For how long anybody waits: a deadline may be any number. */
    private Duration expiry() {
        Duration left = Duration.between(environment.clock().now(), command.deadline());
        Duration longest = responder.longest();
        return left.isNegative() ? Duration.ZERO : left.compareTo(longest) > 0 ? longest : left;
    }

    private void unansweredBecause(String reason) {
        if (published == 0) {
            tell(new CommandEvent.Unanswered(command, reason));
        }
    }

    private void tell(CommandEvent event) {
        environment.listener().on(event);
    }

    /** What the method knows. */
    private final class RunningCall implements Call {
        @Override
        public MessageId id() {
            return command.id();
        }

        @Override
        public Method method() {
            return command.method();
        }

        @Override
        public ClientPrefix deployment() {
            return command.route().prefix();
        }

        @Override
        public Instant deadline() {
            return command.deadline();
        }

        @Override
        public @Nullable TraceParent trace() {
            return command.trace();
        }

        @Override
        public Duration remaining() {
            Duration left = Duration.between(environment.clock().now(), command.deadline());
            return left.isNegative() ? Duration.ZERO : left;
        }

        @Override
        public boolean isAbandoned() {
            return responder.isClosing() || environment.clock().now().isAfter(command.deadline());
        }
    }
}
