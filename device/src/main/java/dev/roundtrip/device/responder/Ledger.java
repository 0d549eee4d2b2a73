package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.store.Entry;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.device.store.Outcome;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceMemory.KeptKey;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.WireId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which calls with a key or a sequence have begun, how they ended, and the counters of the lanes.
 *
 * <p>What begins is in the journal before it begins. Bounded: see {@link Keeping}. Thread-safe; blocks while it writes
 * the journal.
 */
final class Ledger {
    private static final int MAX_LANES = 1_000;
    private static final int MAX_WAITING_FOR_A_KEY = 100;
    private static final int EPOCH_BYTES = 9;

    /** Of a call that began, and whose device restarted before it ended. */
    private static final Outcome INTERRUPTED = new Outcome.Failed(new DeviceError(
            "interrupted", "the method began, then the device restarted; it does not run again for this call"));

    private final Lanes lanes;
    private final Keeping keeping;
    private final Journal journal;
    private final DeviceClock clock;
    private final Map<Method, Lane> counters = new TreeMap<>(Comparator.comparing(Method::value));
    private final Map<String, Kept> byKey = new LinkedHashMap<>();
    private final Map<MessageId, Kept> orderedOnly = new LinkedHashMap<>();
    private final Map<MessageId, Kept> atWork = new HashMap<>();
    private Epoch epoch = randomEpoch();
    private long bytes;

    /** A delivery that waits for the outcome of another call with its key.
     *
     * @param command what it asks
     * @param delivery how it came
     */
    record Waiter(Command command, Delivery delivery) {}

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
     * @param deadline until when
     * @param outcome how it ended
     * @param memory what is said of order and key
     */
    record Recalled(WireId id, Instant deadline, Outcome outcome, DeviceMemory memory) {}

    private static final class Kept {
        final MessageId id;
        final WireId wireId;
        final @Nullable RequestKey key;
        final Instant deadline;
        final List<Waiter> waiters = new ArrayList<>();
        /** The counters with this call, since it has begun. */
        @Nullable Lane lane;
        /** The counters without this call. */
        @Nullable Lane before;

        boolean hasBegun;

        @Nullable Outcome outcome;
        /** Until when the outcome is remembered. */
        Instant until = Instant.MAX;

        long size;

        Kept(WireId wireId, @Nullable RequestKey key, Instant deadline) {
            this.id = wireId.id();
            this.wireId = wireId;
            this.key = key;
            this.deadline = deadline;
        }

        Entry.Begun begun() {
            return new Entry.Begun(wireId, key, lane, deadline);
        }
    }

    /** Takes over what an earlier run of the device left.
     *
     * @throws IOException when the journal cannot be written
     */
    Ledger(Rules rules, Journal journal, DeviceClock clock) throws IOException {
        this.lanes = rules.lanes();
        this.keeping = rules.keeping();
        this.journal = journal;
        this.clock = clock;
        Instant now = clock.now();
        journal.earlier().forEach(this::replay);
        for (Kept cutOff : List.copyOf(atWork.values())) {
            close(cutOff, INTERRUPTED, now);
        }
        if (journal.isDamaged()) {
            epoch = randomEpoch();
            counters.replaceAll((name, lane) -> new Lane(name, epoch, lane.last(), lane.lastId()));
        }
        journal.replace(everything());
    }

    private static Epoch randomEpoch() {
        byte[] random = new byte[EPOCH_BYTES];
        new SecureRandom().nextBytes(random);
        return new Epoch(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    private void replay(Entry entry) {
        switch (entry) {
            case Entry.Opened opened -> epoch = opened.epoch();
            case Entry.Counted counted -> restore(counted.lane());
            case Entry.Begun begun -> {
                Kept kept = new Kept(begun.id(), begun.key(), begun.deadline());
                Kept forgotten =
                        begun.key() == null ? null : byKey.get(begun.key().value());
                if (forgotten != null) {
                    remove(forgotten);
                }
                makeRoom(kept, Instant.MIN);
                add(kept);
                kept.hasBegun = true;
                kept.lane = begun.lane();
                if (begun.lane() != null) {
                    counters.put(begun.lane().name(), begun.lane());
                }
            }
            case Entry.Ended ended -> {
                Kept kept = atWork.get(ended.id());
                if (kept != null) {
                    close(kept, ended.outcome(), ended.at());
                }
            }
            case Entry.Withdrawn withdrawn -> {
                Kept kept = atWork.get(withdrawn.id());
                if (kept != null) {
                    remove(kept);
                }
                restore(withdrawn.lane());
            }
        }
    }

    private List<Entry> everything() {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry.Opened(epoch));
        // The counters come last, since an entry of a call that began sets them too.
        byKey.values().forEach(kept -> write(kept, entries));
        orderedOnly.values().forEach(kept -> write(kept, entries));
        counters.values().forEach(lane -> entries.add(new Entry.Counted(lane)));
        return entries;
    }

    private static void write(Kept kept, List<Entry> entries) {
        if (kept.hasBegun) {
            entries.add(kept.begun());
            if (kept.outcome != null) {
                entries.add(new Entry.Ended(kept.id, kept.outcome, endOf(kept)));
            }
        }
    }

    private static Instant endOf(Kept kept) {
        return kept.key == null ? kept.until : kept.until.minusSeconds(kept.key.keepSeconds());
    }

    /** The calls of an earlier run that can still be repeated. */
    synchronized List<Recalled> recalled() {
        Instant now = clock.now();
        List<Recalled> recalled = new ArrayList<>();
        for (Map<?, Kept> kind : List.of(byKey, orderedOnly)) {
            for (Kept kept : kind.values()) {
                if (kept.outcome != null && !kept.deadline.isBefore(now)) {
                    Lane lane = kept.lane;
                    recalled.add(new Recalled(
                            kept.wireId,
                            kept.deadline,
                            kept.outcome,
                            new DeviceMemory(
                                    lane == null ? null : counters.get(lane.name()), key(kept, now), Replay.FIRST)));
                }
            }
        }
        return recalled;
    }

    /** Looks the key of a delivery up. Where its call is at work, the delivery waits for the outcome. */
    synchronized Known lookUp(Command command, Delivery delivery) {
        RequestKey key = command.key();
        if (key == null) {
            return new Known.Nothing();
        }
        Kept kept = byKey.get(key.value());
        if (kept != null && kept.until.isBefore(clock.now())) {
            remove(kept);
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
        if (kept.waiters.size() >= MAX_WAITING_FOR_A_KEY) {
            return new Known.No(Refusals.TOO_MANY_WAIT_FOR_THE_KEY);
        }
        kept.waiters.add(new Waiter(command, delivery));
        return new Known.AtWork();
    }

    /** Makes room for a command, whose key must not be known. False when there is none. */
    synchronized boolean reserve(Command command) {
        if (!command.isKept()) {
            return true;
        }
        Kept kept = new Kept(command.route().wireId(), command.key(), command.deadline());
        if (!makeRoom(kept, clock.now())) {
            return false;
        }
        add(kept);
        return true;
    }

    /** Whether the outcome of a call is remembered by its id too. Without a key that is needed over a restart only. */
    private boolean isRemembered(Kept kept) {
        return kept.key != null || journal.isDurable();
    }

    /** Compares, and writes down that the call begins. From then on it ran.
     *
     * @return why it must not begin; null when it may
     */
    synchronized @Nullable DeviceRefusal begin(Command command) {
        Order order = command.order();
        Lane before = null;
        Lane after = null;
        if (order != null) {
            before = lane(lanes.of(command.method()));
            DeviceRefusal refusal = Refusals.outOfSequence(order, before);
            if (refusal != null) {
                return refusal;
            }
            if (counters.size() >= MAX_LANES && !counters.containsKey(before.name())) {
                return Refusals.TOO_MANY_LANES;
            }
            after = new Lane(before.name(), before.epoch(), order.sequence(), command.id());
            counters.put(after.name(), after);
        }
        Kept kept = atWork.get(command.id());
        if (kept == null) {
            return null;
        }
        kept.lane = after;
        kept.before = before;
        kept.hasBegun = true;
        try {
            journal.append(kept.begun(), this::everything);
            return null;
        } catch (IOException notWritten) {
            kept.hasBegun = false;
            restore(before);
            return Refusals.NOT_WRITTEN;
        }
    }

    /** Takes the counters for what they were before a call. Those of a lane in which nothing ran take no room. */
    private void restore(@Nullable Lane lane) {
        if (lane == null) {
            return;
        }
        if (lane.equals(untouched(lane.name()))) {
            counters.remove(lane.name());
        } else {
            counters.put(lane.name(), lane);
        }
    }

    private Lane untouched(Method name) {
        return new Lane(name, epoch, 0, null);
    }

    /** Writes down how a call ended.
     *
     * @return who waits for the outcome
     */
    synchronized List<Waiter> end(Command command, Outcome outcome) {
        Kept kept = atWork.get(command.id());
        if (kept == null) {
            return List.of();
        }
        Instant now = clock.now();
        List<Waiter> waiters = List.copyOf(kept.waiters);
        close(kept, outcome, now);
        try {
            journal.append(new Entry.Ended(kept.id, outcome, now), this::everything);
        } catch (IOException notWritten) {
            // After a restart the call counts as interrupted, which is safe: it does not run again.
        }
        return waiters;
    }

    /** Takes a call as never begun, since it was refused.
     *
     * @return who waited for it, and must be decided about anew
     */
    synchronized List<Waiter> withdraw(Command command) {
        Kept kept = atWork.get(command.id());
        if (kept == null) {
            return List.of();
        }
        remove(kept);
        if (kept.hasBegun) {
            restore(kept.before);
            try {
                journal.append(new Entry.Withdrawn(kept.id, kept.before), this::everything);
            } catch (IOException notWritten) {
                // After a restart the call counts as interrupted, which is safe: it does not run again.
            }
        }
        return List.copyOf(kept.waiters);
    }

    /** What is said of order and key with the answer to a command. */
    synchronized DeviceMemory memory(Command command, Replay replay) {
        if (!command.isKept()) {
            return DeviceMemory.NONE;
        }
        Lane lane = command.order() == null ? null : lane(lanes.of(command.method()));
        RequestKey key = command.key();
        if (key == null) {
            return new DeviceMemory(lane, null, replay);
        }
        Kept kept = byKey.get(key.value());
        KeptKey said = kept == null || !kept.hasBegun ? null : key(kept, clock.now());
        return new DeviceMemory(lane, said == null ? new KeptKey(key.value(), 0) : said, replay);
    }

    private static @Nullable KeptKey key(Kept kept, Instant now) {
        RequestKey key = kept.key;
        if (key == null) {
            return null;
        }
        long seconds = kept.outcome == null
                ? key.keepSeconds()
                : Math.clamp(Duration.between(now, kept.until).toSeconds(), 0, key.keepSeconds());
        return new KeptKey(key.value(), seconds);
    }

    /** The counters of a lane; new ones when nothing ran in it. */
    synchronized Lane lane(Method name) {
        Lane lane = counters.get(name);
        return lane == null ? untouched(name) : lane;
    }

    /** The lanes in which something ran, by name. */
    synchronized List<Lane> lanes() {
        return List.copyOf(counters.values());
    }

    /** The epoch of the lanes in which nothing ran. */
    synchronized Epoch epoch() {
        return epoch;
    }

    /** Sets the counters of a lane, which get a new epoch: nobody shall take them for the ones that were there.
     *
     * @throws IOException when that cannot be written down; the counters stay
     */
    synchronized Lane set(Method name, long last) throws IOException {
        Lane before = counters.get(name);
        Lane set = new Lane(name, randomEpoch(), last, null);
        counters.put(name, set);
        try {
            journal.append(new Entry.Counted(set), this::everything);
            return set;
        } catch (IOException notWritten) {
            if (before == null) {
                counters.remove(name);
            } else {
                counters.put(name, before);
            }
            throw notWritten;
        }
    }

    /** Whether there is room for the counters of a lane. */
    synchronized boolean hasRoomFor(Method lane) {
        return counters.containsKey(lane) || counters.size() < MAX_LANES;
    }

    /** The keys remembered now. */
    synchronized int keys() {
        return byKey.size();
    }

    /** Whether the outcome of a command is read again after a restart. */
    boolean isWritten(Command command) {
        return command.isKept() && journal.isDurable();
    }

    private void add(Kept kept) {
        atWork.put(kept.id, kept);
        if (kept.key == null) {
            if (isRemembered(kept)) {
                orderedOnly.put(kept.id, kept);
            }
        } else {
            byKey.put(kept.key.value(), kept);
        }
    }

    private void remove(Kept kept) {
        atWork.remove(kept.id, kept);
        bytes -= kept.size;
        kept.size = 0;
        if (kept.key == null) {
            orderedOnly.remove(kept.id, kept);
        } else {
            byKey.remove(kept.key.value(), kept);
        }
    }

    private void close(Kept kept, Outcome outcome, Instant at) {
        atWork.remove(kept.id);
        kept.waiters.clear();
        kept.outcome = outcome;
        kept.until = kept.key == null ? kept.deadline : at.plusSeconds(kept.key.keepSeconds());
        if (!isRemembered(kept)) {
            return;
        }
        kept.size = switch (outcome) {
            case Outcome.Returned returned -> returned.response().toString().length();
            case Outcome.Failed failed -> failed.error().message().length();
        };
        bytes += kept.size;
        while (bytes > keeping.maxBytes() && (dropOldest(orderedOnly, kept) || dropOldest(byKey, kept))) {
            // Until it is enough.
        }
    }

    private boolean makeRoom(Kept newcomer, Instant now) {
        Map<?, Kept> kind = newcomer.key == null ? orderedOnly : byKey;
        if (!isRemembered(newcomer) || kind.size() < keeping.maxKeys()) {
            return true;
        }
        for (Kept kept : List.copyOf(kind.values())) {
            if (kept.until.isBefore(now)) {
                remove(kept);
            }
        }
        return kind.size() < keeping.maxKeys() || dropOldest(kind, newcomer);
    }

    /** Forgets the oldest call that has ended, except one. */
    private boolean dropOldest(Map<?, Kept> kind, Kept except) {
        for (Iterator<Kept> oldest = kind.values().iterator(); oldest.hasNext(); ) {
            Kept kept = oldest.next();
            if (kept.outcome != null && kept != except) {
                oldest.remove();
                bytes -= kept.size;
                kept.size = 0;
                return true;
            }
        }
        return false;
    }
}
