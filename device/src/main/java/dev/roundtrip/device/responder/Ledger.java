package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.store.Entry;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.device.store.Outcome;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceMemory.KeptKey;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.WireId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which calls with a key or a sequence have begun, how they ended, and the counters of the lanes.
 *
 * <p>What begins is in the journal before it begins. Thread-safe. A method that says so blocks while the journal is
 * written; the others never wait for the journal.
 */
final class Ledger {
    private static final int MAX_WAITING_FOR_A_KEY = 100;

    /** Of a call that began, and whose device restarted before it ended. */
    private static final Outcome INTERRUPTED = new Outcome.Failed(new DeviceError(
            "interrupted", "the method began, then the device restarted; it does not run again for this call"));

    private final Lanes lanes;
    private final DeviceClock clock;
    private final boolean isDurable;
    private final KeptCalls calls;
    private final Counters counters = new Counters();
    private final GroupCommit journal;
    private final WaitingRoom waitingRoom = new WaitingRoom();

    /** What is known of a key. */
    sealed interface Known {
        /** Nothing: the call may begin. */
        record Nothing() implements Known {}

        /** Its call has ended like this. */
        record Ended(Outcome outcome) implements Known {}

        /** Its call is at work, and the delivery waits for the outcome. */
        record AtWork() implements Known {}

        /** The delivery does not run. */
        record No(DeviceRefusal refusal) implements Known {}
    }

    /** An ended call of an earlier run of the device, which may still be repeated.
     *
     * @param id the call
     * @param left until its deadline
     * @param outcome how it ended
     * @param memory what is said of order and key
     */
    record Recalled(WireId id, Duration left, Outcome outcome, DeviceMemory memory) {}

    /** Takes over what an earlier run of the device left.
     *
     * @throws IOException when the journal cannot be written
     */
    Ledger(Rules rules, Journal journal, DeviceClock clock) throws IOException {
        this.lanes = rules.lanes();
        this.clock = clock;
        this.isDurable = journal.isDurable();
        this.calls = new KeptCalls(rules.keeping(), isDurable);
        this.journal = new GroupCommit(journal, this::everything);
        journal.earlier().forEach(this::replay);
        for (Kept cutOff : calls.allAtWork()) {
            cutOff.isInterrupted = true;
            close(cutOff, INTERRUPTED, Duration.ZERO);
        }
        if (journal.isDamaged()) {
            counters.distrust();
        }
        journal.replace(everything());
    }

    private void replay(Entry entry) {
        switch (entry) {
            case Entry.Opened opened -> counters.open(opened.epoch());
            case Entry.Counted counted -> counters.put(counted.lane());
            case Entry.Begun begun -> {
                Kept kept = new Kept(begun.id(), begun.key(), begun.deadline());
                Kept forgotten = begun.key() == null ? null : calls.of(begun.key());
                if (forgotten != null) {
                    calls.remove(forgotten);
                }
                if (!calls.add(kept, clock.uptime())) {
                    calls.addAnyway(kept);
                }
                kept.hasBegun = true;
                kept.lane = begun.lane();
                counters.putIfGiven(begun.lane());
            }
            case Entry.Ended ended -> {
                Kept kept = calls.atWork(ended.id());
                if (kept != null) {
                    Duration age = Duration.between(ended.at(), clock.now());
                    // Less than nothing when the clock was set back.
                    close(kept, ended.outcome(), age.isNegative() ? Duration.ZERO : age);
                }
            }
            case Entry.Withdrawn withdrawn -> {
                Kept kept = calls.atWork(withdrawn.id());
                if (kept != null) {
                    calls.remove(kept);
                }
                counters.putIfGiven(withdrawn.lane());
            }
        }
    }

    private synchronized List<Entry> everything() {
        Moment now = Moment.now(clock);
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry.Opened(counters.epoch()));
        // The counters come last, since an entry of a call that began sets them too.
        calls.all().forEach(kept -> kept.writeTo(entries, now));
        counters.all().forEach(lane -> entries.add(new Entry.Counted(lane)));
        return entries;
    }

    /** The calls of an earlier run that can still be repeated. */
    synchronized List<Recalled> recalled() {
        Instant now = clock.now();
        List<Recalled> recalled = new ArrayList<>();
        for (Kept kept : calls.all()) {
            Duration left = Duration.between(now, kept.deadline);
            if (kept.outcome != null && !left.isNegative()) {
                Lane lane = kept.lane == null ? null : counters.of(kept.lane.name());
                DeviceMemory memory = new DeviceMemory(lane, kept.said(clock.uptime()), Replay.FIRST);
                recalled.add(new Recalled(kept.id, left, kept.outcome, memory));
            }
        }
        return recalled;
    }

    /** Looks the key of a delivery up. Where its call is at work, the delivery waits for the outcome, in the waiting
     * room.
     */
    Known lookUp(Arrival arrival) {
        RequestKey key = arrival.command().key();
        return key == null ? new Known.Nothing() : lookUp(key, arrival);
    }

    private synchronized Known lookUp(RequestKey key, Arrival arrival) {
        Kept kept = calls.of(key);
        if (kept != null && kept.isOver(clock.uptime())) {
            calls.remove(kept);
            kept = null;
        }
        if (kept == null || kept.key == null) {
            return key.replay() == RequestKey.Replay.ONLY ? new Known.No(Refusals.UNKNOWN_KEY) : new Known.Nothing();
        }
        if (key.digest() != null && !key.digest().equals(kept.key.digest())) {
            return new Known.No(Refusals.KEY_REUSED);
        }
        if (kept.outcome != null) {
            return new Known.Ended(kept.outcome);
        }
        if (kept.waiters.size() >= MAX_WAITING_FOR_A_KEY || !waitingRoom.admit(arrival)) {
            return new Known.No(Refusals.TOO_MANY_WAIT_FOR_THE_KEY);
        }
        kept.waiters.add(arrival);
        return new Known.AtWork();
    }

    /** Makes room for a command, whose key must not be known. False when there is none. */
    boolean reserve(Command command) {
        return !command.isKept() || reserveKept(command);
    }

    private synchronized boolean reserveKept(Command command) {
        return calls.add(new Kept(command.route().wireId(), command.key(), command.deadline()), clock.uptime());
    }

    /** Compares, and writes down that the call begins; blocks. From then on it ran.
     *
     * @return why it must not begin; null when it may
     */
    @Nullable DeviceRefusal begin(Command command) {
        Kept kept = atWork(command);
        if (kept == null) {
            return null;
        }
        Method name = lanes.of(command.method());
        Order order = command.order();
        Lane before = null;
        Lane after = null;
        if (order != null) {
            // No other call of this lane begins meanwhile: each has its turn.
            synchronized (this) {
                before = counters.of(name);
                DeviceRefusal refusal =
                        counters.hasRoomFor(name) ? Refusals.outOfSequence(order, before) : Refusals.TOO_MANY_LANES;
                if (refusal != null) {
                    return refusal;
                }
                counters.takeRoom(name);
            }
            after = new Lane(name, before.epoch(), order.sequence(), command.id());
        }
        Lane without = before;
        Lane with = after;
        try {
            journal.write(kept.begun(with), () -> begun(kept, without, with));
            return null;
        } catch (IOException notWritten) {
            synchronized (this) {
                counters.giveRoomBack(name);
            }
            return Refusals.NOT_WRITTEN;
        }
    }

    private synchronized void begun(Kept kept, @Nullable Lane before, @Nullable Lane after) {
        kept.hasBegun = true;
        kept.before = before;
        kept.lane = after;
        counters.putIfGiven(after);
    }

    private synchronized @Nullable Kept atWork(Command command) {
        return command.isKept() ? calls.atWork(command.id()) : null;
    }

    /** Writes down how a call ended; blocks.
     *
     * @return who waits for the outcome
     */
    List<Arrival> end(Command command, Outcome outcome) {
        Kept kept = atWork(command);
        if (kept == null) {
            return List.of();
        }
        Entry ended = new Entry.Ended(command.id(), outcome, clock.now());
        writeIfPossible(ended, () -> close(kept, outcome, Duration.ZERO));
        return kept.waiters;
    }

    /** From here on nobody joins those who wait for the outcome. */
    private synchronized void close(Kept kept, Outcome outcome, Duration age) {
        kept.end(outcome, age, Moment.now(clock));
        calls.end(kept);
    }

    /** Takes a call as never begun, since it was refused; blocks when it had begun.
     *
     * @return who waited for it, and must be decided about anew
     */
    List<Arrival> withdraw(Command command) {
        Kept kept = atWork(command);
        if (kept == null) {
            return List.of();
        }
        if (kept.hasBegun) {
            writeIfPossible(new Entry.Withdrawn(command.id(), kept.before), () -> forget(kept));
        } else {
            forget(kept);
        }
        return kept.waiters;
    }

    private synchronized void forget(Kept kept) {
        calls.remove(kept);
        counters.putIfGiven(kept.before);
    }

    /** Where the entry is not kept, the call counts as interrupted after a restart, which is safe: it does not run
     * again.
     */
    private void writeIfPossible(Entry entry, Runnable effect) {
        try {
            journal.write(entry, effect);
        } catch (IOException notWritten) {
            effect.run();
        }
    }

    /** What is said of order and key with the answer to a command. */
    DeviceMemory memory(Command command, Replay replay) {
        return command.isKept() ? memoryOfKept(command, replay) : DeviceMemory.NONE;
    }

    private synchronized DeviceMemory memoryOfKept(Command command, Replay replay) {
        Lane lane = command.order() == null ? null : counters.of(lanes.of(command.method()));
        RequestKey key = command.key();
        if (key == null) {
            return new DeviceMemory(lane, null, replay);
        }
        Kept kept = calls.of(key);
        KeptKey said = kept == null || !kept.hasBegun ? null : kept.said(clock.uptime());
        return new DeviceMemory(lane, said == null ? new KeptKey(key.value(), 0) : said, replay);
    }

    /** The counters of a lane; new ones when nothing ran in it. */
    synchronized Lane lane(Method name) {
        return counters.of(name);
    }

    /** The lanes in which something ran, by name. */
    synchronized List<Lane> lanes() {
        return counters.all();
    }

    /** The epoch of the lanes in which nothing ran. */
    synchronized Epoch epoch() {
        return counters.epoch();
    }

    /** Sets the counters of a lane, which get a new epoch: nobody shall take them for the ones that were there; blocks.
     *
     * @throws IOException when that cannot be written down; the counters stay
     */
    Lane set(Method name, long last) throws IOException {
        Lane set = new Lane(name, Counters.randomEpoch(), last, null);
        journal.write(new Entry.Counted(set), () -> count(set));
        return set;
    }

    private synchronized void count(Lane lane) {
        counters.put(lane);
    }

    /** Whether there is room for the counters of a lane. */
    synchronized boolean hasRoomFor(Method lane) {
        return counters.hasRoomFor(lane);
    }

    /** The keys remembered now. */
    synchronized int keys() {
        return calls.keys();
    }

    /** Whether the outcome of a command is read again after a restart. */
    boolean isWritten(Command command) {
        return command.isKept() && isDurable;
    }

    /** The entries that wait for the sync of others to end. */
    int waitingForTheJournal() {
        return journal.waiting();
    }

    WaitingRoom waitingRoom() {
        return waitingRoom;
    }
}
