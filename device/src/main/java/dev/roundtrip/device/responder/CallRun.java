package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.responder.CallMemory.Occurrence;
import dev.roundtrip.device.responder.Responder.Environment;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.DeviceError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One delivery of a command, from its reaction to its answer. Used by one thread at a time. */
final class CallRun implements Turn {
    /** Why the AWS sample's gateway is told nothing of a command that did not run. */
    private static final String NOT_TOLD =
            "it did not run, and a gateway of the AWS sample takes any answer for success";

    private final Command command;
    private final Delivery delivery;
    private final Occurrence occurrence;
    private final CallMemory memory;
    private final Environment environment;
    private int published;
    private boolean isRefused;

    @Nullable private Outcome outcome;

    /** @param occurrence {@code FIRST} when this is the delivery that runs; any other never runs */
    CallRun(Command command, Delivery delivery, Occurrence occurrence, CallMemory memory, Environment environment) {
        this.command = command;
        this.delivery = delivery;
        this.occurrence = occurrence;
        this.memory = memory;
        this.environment = environment;
    }

    /** Carries out the whole reaction, unless the device's end comes first. */
    void carryOut(Reaction reaction) {
        try {
            reaction.carryOut(this);
            unansweredBecause(outcome != null && outcome.isSilent() ? NOT_TOLD : "so it behaves");
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
        // Read once: what is not past the deadline now is told to have run now.
        Instant now = environment.clock().now();
        if (now.isAfter(command.deadline())) {
            tell(new CommandEvent.Refused(command, Refusal.PAST_DEADLINE));
            isRefused = true;
            return;
        }
        decide(() -> {
            tell(new CommandEvent.Ran(command, now));
            return Outcome.ofRunning(method, command);
        });
    }

    @Override
    public void fail(DeviceError error) {
        decideAtOnce(() -> Outcome.notRun(command, error));
    }

    @Override
    public void answer() throws TransportException, InterruptedException {
        if (outcome != null) {
            say(outcome);
        }
    }

    private interface Decision {
        Outcome make() throws InterruptedException;
    }

    private void decideAtOnce(Supplier<Outcome> decision) {
        if (outcome == null) {
            outcome = occurrence == Occurrence.FIRST ? decision.get() : memory.outcome(command.id());
            keep();
        }
    }

    private void decide(Decision decision) throws InterruptedException {
        if (outcome == null) {
            outcome = occurrence == Occurrence.FIRST ? decision.make() : memory.outcome(command.id());
            keep();
        }
    }

    /** From here on a repetition is answered with this outcome, because our own answer may be out before it came. */
    private void keep() {
        if (occurrence == Occurrence.FIRST && outcome != null) {
            memory.finish(command.id(), outcome);
        }
    }

    /** Tells the caller why the command is not run. */
    void turnAway(Outcome refusal) {
        try {
            say(refusal);
            if (refusal.isSilent()) {
                unansweredBecause(NOT_TOLD);
            }
        } catch (TransportException notTaken) {
            unansweredBecause(String.valueOf(notTaken.getMessage()));
        } catch (InterruptedException closing) {
            unansweredBecause("the device is closing");
        }
    }

    /** Takes the call as never begun, unless it came to an outcome. */
    void withdraw() {
        if (occurrence == Occurrence.FIRST && outcome == null) {
            memory.forget(command.id());
        }
    }

    private void say(Outcome said) throws TransportException, InterruptedException {
        if (!said.isSilent()) {
            publish(said.payload(), said.word());
        }
    }

    @Override
    public void publish(byte[] payload, String word) throws TransportException, InterruptedException {
        if (isRefused) {
            return;
        }
        Instant now = environment.clock().now();
        environment
                .publisher()
                .publish(new Answer(
                        command.route().answerTopic(),
                        payload,
                        delivery.correlation(),
                        Duration.between(now, command.deadline())));
        published++;
        tell(new CommandEvent.Answered(
                command,
                word,
                new String(payload, StandardCharsets.UTF_8),
                Duration.between(command.arrival(), environment.clock().now())));
    }

    private void unansweredBecause(String reason) {
        if (published == 0 && !isRefused) {
            tell(new CommandEvent.Unanswered(command, reason));
        }
    }

    private void tell(CommandEvent event) {
        environment.listener().on(event);
    }
}
