package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.Broker;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The faults of one broker: of its messages, its connections, and the broker itself. None at first. Thread-safe. */
public final class Faults implements AutoCloseable {
    private final Victim victim;
    private final Restarter restarter;
    private final SharedForger forger;
    private final FaultCounters counters = FaultCounters.whole();
    private volatile ActiveFaults active;
    /** Guarded by this. */
    private boolean closed;

    /** @param broker whose faults these are; it may start later, but before the first {@link #replace}
     * @param impostor provides the device that forges answers, when a spec forges for the first time
     * @param listener hears which fault touches which message
     * @param complaints told in one line when something goes wrong that should not; called by any thread
     */
    public Faults(Broker broker, Impostor impostor, FaultListener listener, Consumer<String> complaints) {
        this.victim = new Victim(broker, new FaultPlan(), listener);
        this.restarter = new Restarter(broker, complaints);
        this.forger = new SharedForger(impostor, broker, complaints);
        this.active = new ActiveFaults(FaultSpec.NONE, victim, counters.part(), null);
    }

    /** Replaces all faults, for the next message and all its copies. Any thread may replace, any number of times; of
     * several at once, one after the other takes effect. {@link FaultSpec#NONE} ends all faults.
     *
     * <p>What the faults of before hold back still arrives when they said. A broker that they stopped starts again at
     * once, and the time until the next restart begins anew. The seed begins anew too, also with an equal spec.
     *
     * <p>Where the spec forges and the one before did not, waits until the forging device is connected, up to two
     * seconds; before that, nothing is replaced. Otherwise returns at once.
     *
     * @return the faults of before, and what they did until now
     * @throws FaultsException when the forging device cannot be made or connected, or the faults are closed; the faults
     *     of before stay
     */
    public FaultState replace(FaultSpec spec) throws FaultsException {
        ActiveFaults next = new ActiveFaults(spec, victim, counters.part(), spec.forges() ? forger.claim() : null);
        ActiveFaults before = put(next);
        ActiveFaults over = before == null ? next : before;
        if (over.spec().forges()) {
            forger.release();
        }
        if (before == null) {
            throw closed();
        }
        return state(before);
    }

    /** Puts faults in the place of others, and returns those; null when no others may come, and nothing is put. */
    private synchronized @Nullable ActiveFaults put(ActiveFaults next) {
        if (closed) {
            return null;
        }
        ActiveFaults before = active;
        active = next;
        victim.broker().inject(next.injector());
        restarter.follow(next.spec().restarts(), () -> next.counters().count("restart"));
        return before;
    }

    static FaultsException closed() {
        return new FaultsException("the local cloud stops, and takes no other faults; start it again");
    }

    /** The faults of this moment, and what they did until now. Takes no lock. */
    public FaultState state() {
        return state(active);
    }

    private FaultState state(ActiveFaults which) {
        return new FaultState(which.spec(), which.counters().read(), counters.read());
    }

    /** Whether the next update of a command execution shall meet a conflict; who asks lets it meet one. */
    public boolean conflicts() {
        return active.conflicts();
    }

    /** How many messages are held back now, and cuts put off. */
    public int heldBack() {
        return victim.plan().waiting();
    }

    /** Ends every fault; messages that are held back are lost. */
    @Override
    public void close() {
        synchronized (this) {
            var unused = put(new ActiveFaults(FaultSpec.NONE, victim, counters.part(), null));
            closed = true;
        }
        restarter.close();
        forger.close();
        victim.plan().close();
    }
}
