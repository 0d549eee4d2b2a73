package dev.roundtrip.local.faults;

import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.Interference;
import dev.roundtrip.mqtt.Passage;
import dev.roundtrip.protocol.Route;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out a {@link FaultSpec}: on the messages of one broker, its connections, and the broker itself. Thread-safe. */
public final class Faults implements Interference, AutoCloseable {
    private final FaultSpec spec;
    private final Dice dice;
    private final Detours detours = new Detours();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile @Nullable Broker broker;
    private volatile @Nullable Forger forger;
    private @Nullable Restarter restarter;

    /** Nothing happens before {@link #begin}. */
    public Faults(FaultSpec spec) {
        this.spec = spec;
        this.dice = new Dice(spec);
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
    public void meet(Passage passage) {
        Broker victim = broker;
        MessageFault fault = victim == null ? null : dice.next();
        if (victim == null || fault == null) {
            detours.pass(passage);
            return;
        }
        count(fault.word());
        switch (fault) {
            case MessageFault.Drop drop -> {}
            case MessageFault.Delay delay -> detours.later(delay.by(), passage::deliver);
            case MessageFault.Duplicate duplicate -> {
                detours.pass(passage);
                detours.pass(passage);
            }
            case MessageFault.Reorder reorder -> detours.behindTheNext(passage);
            case MessageFault.Late late -> detours.late(late.by(), passage);
            case MessageFault.Cut cut -> cut(passage, victim);
            case MessageFault.Forge forge -> {
                forge(passage);
                detours.pass(passage);
            }
        }
    }

    private void cut(Passage passage, Broker victim) {
        switch (Cut.values()[dice.choose(Cut.values().length)]) {
            case SUBSCRIBER_BEFORE ->
                detours.soon(() -> {
                    victim.connections().cut(passage.subscriber());
                    passage.deliver();
                });
            case SUBSCRIBER_AFTER -> {
                passage.deliver();
                detours.soon(() -> victim.connections().cut(passage.subscriber()));
            }
            case PUBLISHER_BEFORE_ACKNOWLEDGEMENT -> {
                passage.deliver();
                victim.connections().cut(passage.publisher());
            }
            case PUBLISHER_AFTER -> {
                passage.deliver();
                detours.soon(() -> victim.connections().cut(passage.publisher()));
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

    private void forge(Passage passage) {
        Forger impostor = forger;
        if (impostor != null) {
            Route.ofRequestTopic(passage.topic()).ifPresent(impostor::answer);
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
        return detours.waiting();
    }

    /** Ends every fault; messages that are held back are lost. */
    @Override
    public synchronized void close() {
        calm();
        detours.close();
    }
}
