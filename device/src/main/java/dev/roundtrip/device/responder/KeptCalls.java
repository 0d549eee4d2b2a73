package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.RequestKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls with a key or a sequence that are at work, and those that ended and are remembered. Bounded: see {@link
 * Keeping}. Used under the ledger's lock.
 */
final class KeptCalls {
    private final Keeping keeping;
    private final boolean isDurable;
    private final Map<String, Kept> byKey = new LinkedHashMap<>();
    private final Map<MessageId, Kept> orderedOnly = new LinkedHashMap<>();
    private final Map<MessageId, Kept> atWork = new HashMap<>();
    private long bytes;

    /** @param isDurable whether a restart needs the calls without a key too */
    KeptCalls(Keeping keeping, boolean isDurable) {
        this.keeping = keeping;
        this.isDurable = isDurable;
    }

    /** Takes a call as at work. False when there is no room for it. */
    boolean add(Kept kept, Duration uptime) {
        boolean isRemembered = kept.key != null || isDurable;
        if (isRemembered && !makeRoom(kept.key == null ? orderedOnly : byKey, uptime)) {
            return false;
        }
        addAnyway(kept);
        return true;
    }

    void addAnyway(Kept kept) {
        atWork.put(kept.id.id(), kept);
        if (kept.key != null) {
            byKey.put(kept.key.value(), kept);
        } else if (isDurable) {
            orderedOnly.put(kept.id.id(), kept);
        }
    }

    private boolean makeRoom(Map<?, Kept> kind, Duration uptime) {
        if (kind.size() < keeping.maxKeys()) {
            return true;
        }
        for (Kept kept : List.copyOf(kind.values())) {
            if (kept.isOver(uptime)) {
                remove(kept);
            }
        }
        return kind.size() < keeping.maxKeys() || dropOldest(kind, null);
    }

    /** Takes a call, whose outcome is known, as ended. */
    void end(Kept kept) {
        atWork.remove(kept.id.id(), kept);
        if (kept.key == null && !isDurable) {
            return;
        }
        bytes += kept.size();
        while (bytes > keeping.maxBytes() && (dropOldest(orderedOnly, kept) || dropOldest(byKey, kept))) {
            // Until it is enough.
        }
    }

    void remove(Kept kept) {
        atWork.remove(kept.id.id(), kept);
        boolean wasRemembered =
                kept.key == null ? orderedOnly.remove(kept.id.id(), kept) : byKey.remove(kept.key.value(), kept);
        if (wasRemembered) {
            bytes -= kept.size();
        }
    }

    /** Forgets the oldest call that may be forgotten, except one. */
    private boolean dropOldest(Map<?, Kept> kind, @Nullable Kept except) {
        for (Iterator<Kept> oldest = kind.values().iterator(); oldest.hasNext(); ) {
            Kept kept = oldest.next();
            if (kept.isSpare() && kept != except) {
                oldest.remove();
                bytes -= kept.size();
                return true;
            }
        }
        return false;
    }

    @Nullable Kept atWork(MessageId id) {
        return atWork.get(id);
    }

    List<Kept> allAtWork() {
        return List.copyOf(atWork.values());
    }

    @Nullable Kept of(RequestKey key) {
        return byKey.get(key.value());
    }

    /** Those with a key, then the others; each kind in the order in which they were taken on. */
    List<Kept> all() {
        List<Kept> all = new ArrayList<>(byKey.values());
        all.addAll(orderedOnly.values());
        return all;
    }

    int keys() {
        return byKey.size();
    }
}
