package dev.roundtrip.local.broker;

import dev.roundtrip.local.broker.packet.Qos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The members of a shared subscription: each message goes to one of them at random.
 *
 * <p>While none is connected and at least one has a persistent session, messages of QoS 1 wait here for whoever comes first.
 *
 * <p>Thread-safe. Whether a message is handed out or kept is decided as one step, under this monitor. A member that connects
 * meanwhile is met by one of the two: by the message that looks for a member, or by {@link #handOut}, which follows every
 * connecting and waits for this monitor. The monitor of a member's {@link Session} is taken inside this one, never around it.
 */
final class SharedGroup implements Receiver {
    private final int maxQueued;
    private final ArrayDeque<Message> queued = new ArrayDeque<>();
    private final List<Subscription> members = new ArrayList<>();

    SharedGroup(int maxQueued) {
        this.maxQueued = maxQueued;
    }

    synchronized void add(Subscription member) {
        members.add(member);
    }

    /** Removes a member and tells whether the group is empty now. */
    @SuppressWarnings("ReferenceEquality") // A subscription is itself.
    synchronized boolean remove(Subscription member) {
        members.removeIf(each -> each == member);
        return members.isEmpty();
    }

    synchronized int size() {
        return members.size();
    }

    /** Gives the message to a connected member, or keeps it; false when it is lost. */
    synchronized boolean deliver(Message message) {
        return offerToOne(message) || (message.qos() == Qos.AT_LEAST_ONCE && keep(message));
    }

    private boolean offerToOne(Message message) {
        int size = members.size();
        int first = size == 0 ? 0 : ThreadLocalRandom.current().nextInt(size);
        for (int i = 0; i < size; i++) {
            Subscription member = members.get((first + i) % size);
            if (member.session.offerFromGroup(member.deliveryOf(message))) {
                return true;
            }
        }
        return false;
    }

    private boolean keep(Message message) {
        boolean anybodyReturns = members.stream().anyMatch(member -> member.session.isPersistent());
        return anybodyReturns && queued.size() < maxQueued && queued.add(message);
    }

    /** Hands out what waits, in order, now that a member is connected or has room again. What no connected member may have,
     * or has room for, goes on waiting.
     */
    synchronized void handOut() {
        for (Message next = queued.peek(); next != null && offerToOne(next); next = queued.peek()) {
            queued.remove();
        }
    }
}
