package dev.roundtrip.device.responder;

import dev.roundtrip.device.behaviour.Command;
import dev.roundtrip.device.behaviour.Step;
import dev.roundtrip.device.responder.CallMemory.Occurrence;
import dev.roundtrip.device.responder.Responder.Environment;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries out the plan for one delivery of a command. Used by one thread at a time. */
final class CallRun {
    /** Why the AWS sample's gateway is told nothing of a command that did not run. */
    private static final String NOT_TOLD =
            "it did not run, and a gateway of the AWS sample takes any answer for success";

    private final Command command;
    private final Delivery delivery;
    private final Occurrence occurrence;
    private final CallMemory memory;
    private final Environment environment;
    private int published;

    @Nullable private Outcome outcome;

    /** @param occurrence {@code FIRST} when this is the delivery that runs; any other never runs */
    CallRun(Command command, Delivery delivery, Occurrence occurrence, CallMemory memory, Environment environment) {
        this.command = command;
        this.delivery = delivery;
        this.occurrence = occurrence;
        this.memory = memory;
        this.environment = environment;
    }

    /** Carries out the whole plan, unless the deadline or the device's end comes first. */
    void carryOut(List<Step> plan) {
        try {
            for (Step step : plan) {
                // Read once: what is not past the deadline now is told to have run now.
                Instant now = environment.clock().now();
                if (step instanceof Step.Run && now.isAfter(command.deadline())) {
                    tell(new CommandEvent.Refused(command, Refusal.PAST_DEADLINE));
                    return;
                }
                carryOut(step, now);
            }
            unansweredBecause(outcome != null && outcome.isSilent() ? NOT_TOLD : "so it behaves");
        } catch (TransportException notTaken) {
            unansweredBecause(String.valueOf(notTaken.getMessage()));
        } catch (InterruptedException closing) {
            unansweredBecause("the device is closing");
        } finally {
            withdraw();
        }
    }

    private void carryOut(Step step, Instant now) throws TransportException, InterruptedException {
        switch (step) {
            case Step.Run run ->
                decide(() -> {
                    tell(new CommandEvent.Ran(command, now));
                    return Outcome.ofRunning(run.method(), command);
                });
            case Step.Fail fail -> decide(() -> Outcome.notRun(command, fail.error()));
            case Step.Pause pause ->
                environment.clock().sleepUntil(environment.clock().now().plus(pause.duration()));
            case Step.PauseUntil until -> environment.clock().sleepUntil(until.instant());
            case Step.Answer answer -> {
                if (outcome != null) {
                    say(outcome);
                }
            }
            case Step.Garbage garbage -> publish(garbage.payload(), "garbage");
        }
    }

    private interface Decision {
        Outcome make() throws InterruptedException;
    }

    private void decide(Decision decision) throws InterruptedException {
        if (outcome != null) {
            return;
        }
        if (occurrence == Occurrence.FIRST) {
            outcome = decision.make();
            // From here on a repetition is answered with this outcome, because our own answer may be out before it
            // came.
            memory.finish(command.id(), outcome);
        } else {
            outcome = memory.outcome(command.id());
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

    private void publish(byte[] payload, String word) throws TransportException, InterruptedException {
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
        if (published == 0) {
            tell(new CommandEvent.Unanswered(command, reason));
        }
    }

    private void tell(CommandEvent event) {
        environment.listener().on(event);
    }
}
