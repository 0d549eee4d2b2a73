package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Qos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one session has to deliver: messages that wait, and messages in flight, which the client has not acknowledged.
 *
 * <p>Each message has its room in the {@link Backlog}, which goes back when the message leaves, however it leaves.
 * Guarded by its {@link Session}'s monitor.
 */
final class Undelivered {
    private static final int MAX_PACKET_ID = 0xffff;

    private final Backlog backlog;
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private final Map<Integer, Delivery> inFlight = new LinkedHashMap<>();
    private long waitingBytes;
    private long inFlightBytes;
    private int lastPacketId;

    /** Nothing that waits expires before. */
    private long firstExpiry = Message.NEVER;

    Undelivered(Backlog backlog) {
        this.backlog = backlog;
    }

    /** Adds a message for which room is taken. */
    void add(Delivery delivery) {
        waiting.add(delivery);
        waitingBytes += delivery.weight();
        firstExpiry = Message.earlier(firstExpiry, delivery.message.expiresAt());
    }

    int waiting() {
        return waiting.size();
    }

    long waitingBytes() {
        return waitingBytes;
    }

    int inFlight() {
        return inFlight.size();
    }

    /** The bytes of all, waiting and in flight. */
    long bytes() {
        return waitingBytes + inFlightBytes;
    }

    @Nullable Delivery next() {
        return waiting.peek();
    }

    /** Gives the next one up. */
    void dropNext() {
        backlog.giveBack(removeNext().message);
    }

    /** Lets the next one be written: of QoS 1 it is in flight from now on. */
    void sendNext(long now) {
        Delivery next = removeNext();
        if (next.qos == Qos.AT_MOST_ONCE) {
            backlog.giveBack(next.message);
            return;
        }
        if (next.packetId == 0) {
            do {
                lastPacketId = lastPacketId == MAX_PACKET_ID ? 1 : lastPacketId + 1;
            } while (inFlight.containsKey(lastPacketId));
            next.packetId = lastPacketId;
        }
        next.sentAt = now;
        inFlight.put(next.packetId, next);
        inFlightBytes += next.weight();
    }

    private Delivery removeNext() {
        Delivery next = waiting.remove();
        waitingBytes -= next.weight();
        return next;
    }

    /** Forgets what is acknowledged; null when that identifier is not in flight. */
    @Nullable Delivery acknowledge(int packetId) {
        Delivery acknowledged = inFlight.remove(packetId);
        if (acknowledged != null) {
            forgetInFlight(acknowledged);
        }
        return acknowledged;
    }

    private void forgetInFlight(Delivery delivery) {
        inFlightBytes -= delivery.weight();
        backlog.giveBack(delivery.message);
    }

    /** Puts everything in flight back before what waits, in order, to be sent again. */
    void sendAgain() {
        List<Delivery> again = new ArrayList<>(inFlight.values());
        inFlight.clear();
        inFlightBytes = 0;
        for (Delivery delivery : again.reversed()) {
            delivery.duplicate = true;
            waiting.addFirst(delivery);
            waitingBytes += delivery.weight();
            firstExpiry = Message.earlier(firstExpiry, delivery.message.expiresAt());
        }
    }

    /** Marks everything that waits as stored while its client was away. */
    void markStored() {
        waiting.forEach(delivery -> delivery.stored = true);
    }

    /** Removes of what waits whatever meets a condition, and returns it. */
    List<Delivery> removeWaiting(Predicate<Delivery> condition) {
        List<Delivery> removed = new ArrayList<>();
        waiting.removeIf(delivery -> condition.test(delivery) && removed.add(delivery));
        for (Delivery delivery : removed) {
            waitingBytes -= delivery.weight();
            backlog.giveBack(delivery.message);
        }
        return removed;
    }

    /** Removes of what is in flight whatever meets a condition, and returns it. */
    List<Delivery> removeInFlight(Predicate<Delivery> condition) {
        List<Delivery> removed = new ArrayList<>();
        inFlight.values().removeIf(delivery -> condition.test(delivery) && removed.add(delivery));
        removed.forEach(this::forgetInFlight);
        return removed;
    }

    /** Gives up what was sent before a time and not acknowledged, and returns it; the oldest are first. */
    List<Delivery> removeSentBefore(long time) {
        List<Delivery> removed = List.of();
        Iterator<Delivery> oldestFirst = inFlight.values().iterator();
        while (oldestFirst.hasNext()) {
            Delivery oldest = oldestFirst.next();
            if (oldest.sentAt - time > 0) {
                break;
            }
            oldestFirst.remove();
            forgetInFlight(oldest);
            if (removed.isEmpty()) {
                removed = new ArrayList<>();
            }
            removed.add(oldest);
        }
        return removed;
    }

    /** Removes what has expired of what waits, and returns it; looks only when something has. */
    List<Delivery> removeExpired(long now) {
        List<Delivery> expired = List.of();
        if (Message.isOver(firstExpiry, now)) {
            firstExpiry = Message.NEVER;
            expired = removeWaiting(delivery -> hasExpired(delivery.message, now));
        }
        backlog.noteExpiry(firstExpiry);
        return expired;
    }

    private boolean hasExpired(Message message, long now) {
        if (message.hasExpired(now)) {
            return true;
        }
        firstExpiry = Message.earlier(firstExpiry, message.expiresAt());
        return false;
    }

    /** Removes everything, and returns what was in flight, then what waited. The caller gives the room of each back. */
    List<Delivery> removeAll() {
        List<Delivery> all = new ArrayList<>(inFlight.values());
        all.addAll(waiting);
        inFlight.clear();
        waiting.clear();
        inFlightBytes = 0;
        waitingBytes = 0;
        return all;
    }
}
