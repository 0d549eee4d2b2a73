package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.topic.SubscriptionTree;
import dev.roundtrip.mqtt.topic.TopicFilter;
import dev.roundtrip.mqtt.topic.TopicRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Takes each message to everybody who subscribed to its topic. Thread-safe; publishing takes no lock but each
 * receiver's own.
 */
final class Router implements Backlog.Holder {
    private final SubscriptionTree<Receiver> tree = new SubscriptionTree<>();
    private final Map<String, SharedGroup> groups = new ConcurrentHashMap<>();
    private final BrokerLimits.Topics limits;
    private final Counters counters;
    private final Backlog backlog;
    private final RateLimit outbound;
    private final BrokerClock clock;
    private final InjectorSwitch injectors;

    Router(BrokerLimits limits, Counters counters, BrokerClock clock, Backlog backlog, InjectorSwitch injectors) {
        this.backlog = backlog;
        this.limits = limits.topics();
        this.counters = counters;
        this.outbound = new RateLimit(limits.rates().outboundPublishes(), clock);
        this.clock = clock;
        this.injectors = injectors;
        backlog.add(this);
    }

    boolean hasReceivers(String topic) {
        return !tree.match(topic).isEmpty();
    }

    /** Delivers a message. A message of QoS 1 gets room for all who subscribed, or goes to nobody.
     *
     * @param publisher who published it, null for the broker itself
     */
    @SuppressWarnings("ReferenceEquality") // No injector is one object, and costs one comparison.
    Routed publish(Message message, @Nullable Session publisher) {
        if (TopicRules.isBasicIngest(message.topic())) {
            return Routed.TAKEN;
        }
        List<Receiver> matching = tree.match(message.topic());
        if (matching.isEmpty()) {
            return Routed.UNHEARD;
        }
        Collection<Receiver> receivers = receivers(matching, publisher);
        FaultInjector injector = injectors.current();
        if (publisher != null && injector != FaultInjector.NONE) {
            interfere(receivers, message, publisher, injector);
            return Routed.TAKEN;
        }
        return switch (message.qos()) {
            case AT_MOST_ONCE -> deliverToEach(receivers, message);
            case AT_LEAST_ONCE -> deliverToAll(receivers, message);
        };
    }

    /** A session with several matching subscriptions gets the message once, by the one among them that gives it most.
     */
    private static Collection<Receiver> receivers(List<Receiver> matching, @Nullable Session publisher) {
        if (matching.size() == 1) {
            boolean wanted = !(matching.getFirst() instanceof Subscription only) || only.isFor(publisher);
            return wanted ? matching : List.of();
        }
        Map<Session, Subscription> best = new HashMap<>(matching.size());
        List<Receiver> receivers = new ArrayList<>(matching.size());
        for (Receiver receiver : matching) {
            switch (receiver) {
                case SharedGroup group -> receivers.add(group);
                case Subscription subscription -> {
                    if (subscription.isFor(publisher)) {
                        best.merge(subscription.session, subscription, Subscription::better);
                    }
                }
            }
        }
        receivers.addAll(best.values());
        return receivers;
    }

    private Routed deliverToEach(Collection<Receiver> receivers, Message message) {
        backlog.makeRoomFor(message, receivers.size());
        for (Receiver receiver : receivers) {
            if (backlog.take(message, receiver.claim())) {
                deliver(receiver, message);
            } else {
                counters.dropped.increment();
            }
        }
        return Routed.TAKEN;
    }

    private Routed deliverToAll(Collection<Receiver> receivers, Message message) {
        if (receivers.isEmpty()) {
            return Routed.TAKEN;
        }
        backlog.makeRoomFor(message, receivers.size());
        if (!backlog.take(message, receivers.size(), claim(receivers))) {
            counters.dropped.add(receivers.size());
            return Routed.NO_ROOM;
        }
        receivers.forEach(receiver -> deliver(receiver, message));
        return Routed.TAKEN;
    }

    private static Backlog.Claim claim(Collection<Receiver> receivers) {
        for (Receiver receiver : receivers) {
            if (receiver.claim() == Backlog.Claim.STORED) {
                return Backlog.Claim.STORED;
            }
        }
        return Backlog.Claim.PASSING;
    }

    /** Delivers a message for which room is taken; whoever does not take the message gives the room back. */
    private void deliver(Receiver receiver, Message message) {
        if (!outbound.tryAcquire()) {
            drop(message);
            return;
        }
        switch (receiver) {
            case SharedGroup group -> deliver(group, message);
            case Subscription subscription -> offer(subscription.session, subscription.deliveryOf(message));
        }
    }

    private void deliver(@Nullable SharedGroup group, Message message) {
        if (group == null || !group.deliver(message)) {
            drop(message);
        }
    }

    private void offer(Session session, Delivery delivery) {
        if (!session.offer(delivery)) {
            backlog.giveBack(delivery.message);
        }
    }

    /** Hands on what a session, which ended, had to deliver as a member of a group; room is taken.
     *
     * <p>Source: MQTT 5.0, section 4.8.2: the server should send it to another member.
     */
    void deliverToAnotherMember(Delivery delivery) {
        Subscription membership = delivery.membership();
        deliver(membership == null ? null : groups.get(membership.filter.text()), delivery.message);
    }

    private void drop(Message message) {
        backlog.giveBack(message);
        counters.dropped.increment();
    }

    private void interfere(Collection<Receiver> receivers, Message message, Session publisher, FaultInjector injector) {
        for (Receiver receiver : receivers) {
            switch (receiver) {
                case SharedGroup group -> deliverToEach(List.of(group), message);
                case Subscription subscription -> {
                    if (outbound.tryAcquire()) {
                        injector.meet(new InFlightMessage(message, publisher.clientId, subscription, this));
                    } else {
                        counters.dropped.increment();
                    }
                }
            }
        }
    }

    /** Delivers to one session what has no room yet. */
    void deliverNow(Session session, Delivery delivery) {
        if (backlog.take(delivery.message, session.claim())) {
            offer(session, delivery);
        } else {
            counters.dropped.increment();
        }
    }

    long nanos() {
        return clock.nanos();
    }

    @Override
    public void removeExpired(long now) {
        groups.values().forEach(group -> counters.dropped.add(group.removeExpired(now)));
    }

    /** Adds a subscription; false when a limit of the account is reached. */
    boolean add(Subscription subscription) {
        TopicFilter filter = subscription.filter;
        if (counters.subscriptions.incrementAndGet() > limits.maxSubscriptions()
                || (filter.isShared() && !join(filter, subscription))) {
            counters.subscriptions.decrementAndGet();
            return false;
        }
        if (!filter.isShared()) {
            tree.add(filter, subscription);
        }
        return true;
    }

    private boolean join(TopicFilter filter, Subscription subscription) {
        synchronized (groups) {
            SharedGroup group = groups.get(filter.text());
            if (group == null) {
                if (groups.size() >= limits.maxGroups()) {
                    return false;
                }
                group = new SharedGroup(limits.maxGroupQueue(), backlog);
                groups.put(filter.text(), group);
                tree.add(filter, group);
            }
            if (group.size() >= limits.maxGroupMembers()) {
                return false;
            }
            group.add(subscription);
            return true;
        }
    }

    void remove(Subscription subscription) {
        counters.subscriptions.decrementAndGet();
        TopicFilter filter = subscription.filter;
        if (!filter.isShared()) {
            tree.remove(filter, subscription);
            return;
        }
        synchronized (groups) {
            SharedGroup group = groups.get(filter.text());
            if (group != null && group.remove(subscription)) {
                groups.remove(filter.text());
                tree.remove(filter, group);
            }
        }
    }

    /** Hands out what waits for a member's group, now that the member is connected or has room again. */
    void handOut(Subscription member) {
        SharedGroup group = groups.get(member.filter.text());
        if (group != null) {
            group.handOut();
        }
    }
}
