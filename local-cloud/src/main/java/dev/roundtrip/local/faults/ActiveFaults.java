package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.FaultInjector;
import dev.roundtrip.mqtt.InFlightMessage;
import dev.roundtrip.protocol.Route;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Carries out one {@link FaultSpec} on messages and connections, and counts. Thread-safe. */
final class ActiveFaults implements FaultInjector {
    private final FaultSpec spec;
    private final FaultRandom random;

    /** Apart, so that updates of executions do not change which messages meet a fault. */
    private final Random conflicts;

    private final Victim victim;
    private final FaultCounters counters;
    private final @Nullable Forger forger;

    /** @param forger answers for others; null where the spec does not forge */
    ActiveFaults(FaultSpec spec, Victim victim, FaultCounters counters, @Nullable Forger forger) {
        this.spec = spec;
        this.random = new FaultRandom(spec);
        this.conflicts = new Random(spec.seed());
        this.victim = victim;
        this.counters = counters;
        this.forger = forger;
    }

    FaultSpec spec() {
        return spec;
    }

    FaultCounters counters() {
        return counters;
    }

    /** What the broker's messages meet. */
    FaultInjector injector() {
        return spec.messages().isEmpty() ? FaultInjector.NONE : this;
    }

    /** Whether the next update of a command execution meets a conflict. */
    boolean conflicts() {
        boolean conflicts = spec.conflicts() > 0 && this.conflicts.nextDouble() < spec.conflicts();
        if (conflicts) {
            counters.count("conflict");
        }
        return conflicts;
    }

    @Override
    public void meet(InFlightMessage inFlight) {
        MessageFault fault = random.next();
        FaultPlan plan = victim.plan();
        if (fault == null || (fault instanceof MessageFault.Forge && !forges(inFlight))) {
            plan.pass(inFlight);
            return;
        }
        counters.count(fault.word());
        victim.listener().touched(fault.word(), inFlight);
        switch (fault) {
            case MessageFault.Drop drop -> {}
            case MessageFault.Delay delay -> plan.later(delay.by(), inFlight, inFlight::deliver);
            case MessageFault.Duplicate duplicate -> {
                plan.pass(inFlight);
                plan.pass(inFlight);
            }
            case MessageFault.Reorder reorder -> plan.behindTheNext(inFlight);
            case MessageFault.Late late -> plan.late(late.by(), inFlight);
            case MessageFault.Cut cut -> cut(inFlight);
            case MessageFault.Forge forge -> plan.pass(inFlight);
        }
    }

    private void cut(InFlightMessage inFlight) {
        FaultPlan plan = victim.plan();
        switch (Cut.values()[random.choose(Cut.values().length)]) {
            case SUBSCRIBER_BEFORE ->
                plan.soon(inFlight, () -> {
                    cutSubscriber(inFlight);
                    inFlight.deliver();
                });
            case SUBSCRIBER_AFTER -> {
                inFlight.deliver();
                plan.soon(inFlight, () -> cutSubscriber(inFlight));
            }
            case PUBLISHER_BEFORE_ACKNOWLEDGEMENT -> {
                inFlight.deliver();
                cutPublisher(inFlight);
            }
            case PUBLISHER_AFTER -> {
                inFlight.deliver();
                plan.soon(inFlight, () -> cutPublisher(inFlight));
            }
        }
    }

    /** A service has no connection: then that of the publisher breaks. */
    private void cutSubscriber(InFlightMessage inFlight) {
        cut(inFlight.subscriber(), inFlight.publisher());
    }

    /** A service has no connection: then that of the subscriber breaks. */
    private void cutPublisher(InFlightMessage inFlight) {
        cut(inFlight.publisher(), inFlight.subscriber());
    }

    private void cut(@Nullable String clientId, @Nullable String otherwise) {
        String victimId = clientId == null ? otherwise : clientId;
        if (victimId != null) {
            victim.broker().connections().cut(victimId);
        }
    }

    /** Whose connection breaks, and when. */
    private enum Cut {
        SUBSCRIBER_BEFORE,
        SUBSCRIBER_AFTER,
        PUBLISHER_BEFORE_ACKNOWLEDGEMENT,
        PUBLISHER_AFTER
    }

    private boolean forges(InFlightMessage inFlight) {
        Forger impostor = forger;
        return impostor != null
                && Route.ofRequestTopic(inFlight.topic())
                        .filter(route -> impostor.answer(route, () -> counters.count("forge.refused")))
                        .isPresent();
    }
}
