package dev.roundtrip.local.broker;

import dev.roundtrip.local.broker.packet.Qos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The members of a shared subscription: each message goes to one of them at random.
 *
 * <p>While none is connected and at least one has a persistent session, messages of QoS 1 wait here for whoever comes first.
 * Thread-safe.
 */
final class SharedGroup implements Receiver {
    private final int maxQueued;
    private final ArrayDeque<Message> queued = new ArrayDeque<>();
    private volatile List<Subscription> members = List.of();

    SharedGroup(int maxQueued) {
        this.maxQueued = maxQueued;
    }

    synchronized void add(Subscription member) {
        List<Subscription> more = new ArrayList<>(members);
        more.add(member);
        members = List.copyOf(more);
    }

    /** Removes a member and tells whether the group is empty now. */
    @SuppressWarnings("ReferenceEquality") // A subscription is itself.
    synchronized boolean remove(Subscription member) {
        members = members.stream().filter(each -> each != member).toList();
        return members.isEmpty();
    }

    int size() {
        return members.size();
    }

    /** Gives the message to a connected member, or keeps it; false when it is lost. */
    boolean deliver(Message message) {
        return offerToOne(message) || (message.qos() == Qos.AT_LEAST_ONCE && keep(message));
    }

    private boolean offerToOne(Message message) {
        List<Subscription> candidates = members;
        int size = candidates.size();
        if (size == 0) {
            return false;
        }
        int first = ThreadLocalRandom.current().nextInt(size);
        for (int i = 0; i < size; i++) {
            Subscription member = candidates.get((first + i) % size);
            if (member.session.isConnected() && member.session.offer(member.deliveryOf(message))) {
                return true;
            }
        }
        return false;
    }

    private synchronized boolean keep(Message message) {
        boolean anybodyReturns = members.stream().anyMatch(member -> member.session.isPersistent());
        return anybodyReturns && queued.size() < maxQueued && queued.add(message);
    }

    /** Hands out what waits, now that a member is connected. */
    void memberConnected() {
        while (true) {
            Message message;
            synchronized (this) {
                message = queued.poll();
            }
            if (message == null) {
                return;
            }
            if (!offerToOne(message)) {
                // Nobody who is connected may have it, or has room for it: it waits for the next one who comes.
                keepFirst(message);
                return;
            }
        }
    }

    private synchronized void keepFirst(Message message) {
        queued.addFirst(message);
    }
}
