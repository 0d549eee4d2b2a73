package dev.roundtrip.local.faults;

import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.FaultInjector;
import dev.roundtrip.mqtt.InFlightMessage;
import dev.roundtrip.protocol.Route;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out a {@link FaultSpec}: on the messages of one broker, its connections, and the broker itself. Thread-safe.
 */
public final class Faults implements FaultInjector, AutoCloseable {
    private final FaultSpec spec;
    private final Recorder journal;
    private final FaultRandom random;
    private final FaultPlan plan = new FaultPlan();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile @Nullable Broker broker;
    private volatile @Nullable Forger forger;
    private @Nullable Restarter restarter;

    /** Records nothing; otherwise like {@link #Faults(FaultSpec, Recorder)}. */
    public Faults(FaultSpec spec) {
        this(spec, Recorder.NONE);
    }

    /** Nothing happens before {@link #begin}.
     *
     * @param journal takes a step of each message that a fault touches
     */
    public Faults(FaultSpec spec, Recorder journal) {
        this.spec = spec;
        this.journal = journal;
        this.random = new FaultRandom(spec);
    }

    /** Lets the faults loose; call it once.
     *
     * @param victim the broker, which runs and has this as its interference
     * @param impostor how the device logs in that answers for others; null for none
     * @param complaints told in one line when something goes wrong that should not
     * @throws TransportException when the impostor's files cannot be used
     */
    public synchronized void begin(Broker victim, @Nullable Login impostor, Consumer<String> complaints)
            throws TransportException {
        if (impostor != null) {
            forger = new Forger(impostor, this::count, complaints);
        }
        broker = victim;
        if (spec.restarts() != null) {
            restarter = new Restarter(victim, spec.restarts(), () -> count("restart"), complaints);
        }
    }

    /** What was asked for. */
    public FaultSpec spec() {
        return spec;
    }

    /** How often each fault happened so far, by its name. */
    public Map<String, Long> counts() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }

    private void count(String name) {
        counts.computeIfAbsent(name, absent -> new LongAdder()).increment();
    }

    @Override
    public void meet(InFlightMessage inFlight) {
        Broker victim = broker;
        MessageFault fault = victim == null ? null : random.next();
        if (victim == null || fault == null) {
            plan.pass(inFlight);
            return;
        }
        String word = fault.word();
        count(word);
        journal.record(new Entry(Step.FAULT, inFlight.subscriber(), inFlight.topic()).detail(word));
        switch (fault) {
            case MessageFault.Drop drop -> {}
            case MessageFault.Delay delay -> plan.later(delay.by(), inFlight::deliver);
            case MessageFault.Duplicate duplicate -> {
                plan.pass(inFlight);
                plan.pass(inFlight);
            }
            case MessageFault.Reorder reorder -> plan.behindTheNext(inFlight);
            case MessageFault.Late late -> plan.late(late.by(), inFlight);
            case MessageFault.Cut cut -> cut(inFlight, victim);
            case MessageFault.Forge forge -> {
                forge(inFlight);
                plan.pass(inFlight);
            }
        }
    }

    private void cut(InFlightMessage inFlight, Broker victim) {
        switch (Cut.values()[random.choose(Cut.values().length)]) {
            case SUBSCRIBER_BEFORE ->
                plan.soon(() -> {
                    victim.connections().cut(inFlight.subscriber());
                    inFlight.deliver();
                });
            case SUBSCRIBER_AFTER -> {
                inFlight.deliver();
                plan.soon(() -> victim.connections().cut(inFlight.subscriber()));
            }
            case PUBLISHER_BEFORE_ACKNOWLEDGEMENT -> {
                inFlight.deliver();
                victim.connections().cut(inFlight.publisher());
            }
            case PUBLISHER_AFTER -> {
                inFlight.deliver();
                plan.soon(() -> victim.connections().cut(inFlight.publisher()));
            }
        }
    }

    /** Whose connection breaks, and when. */
    private enum Cut {
        SUBSCRIBER_BEFORE,
        SUBSCRIBER_AFTER,
        PUBLISHER_BEFORE_ACKNOWLEDGEMENT,
        PUBLISHER_AFTER
    }

    private void forge(InFlightMessage inFlight) {
        Forger impostor = forger;
        if (impostor != null) {
            Route.ofRequestTopic(inFlight.topic()).ifPresent(impostor::answer);
        }
    }

    /** Ends every fault: from now on messages pass, and the broker stays. What is held back still arrives. */
    public synchronized void calm() {
        broker = null;
        if (restarter != null) {
            restarter.close();
        }
        if (forger != null) {
            forger.close();
            forger = null;
        }
    }

    /** How many messages are held back now, and cuts put off. */
    public int heldBack() {
        return plan.waiting();
    }

    /** Ends every fault; messages that are held back are lost. */
    @Override
    public synchronized void close() {
        calm();
        plan.close();
    }
}
