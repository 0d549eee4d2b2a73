package dev.roundtrip.local.broker;

import dev.roundtrip.local.broker.topic.SubscriptionTree;
import dev.roundtrip.local.broker.topic.TopicFilter;
import dev.roundtrip.local.broker.topic.TopicRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Takes each message to everybody who subscribed to its topic. Thread-safe; publishing takes no lock but each receiver's own. */
final class Router {
    private final SubscriptionTree<Receiver> tree = new SubscriptionTree<>();
    private final Map<String, SharedGroup> groups = new ConcurrentHashMap<>();
    private final BrokerLimits.Topics limits;
    private final Counters counters;
    private final RateLimit outbound;
    private final BrokerClock clock;
    private final Interference interference;

    Router(BrokerLimits limits, Counters counters, BrokerClock clock, Interference interference) {
        this.limits = limits.topics();
        this.counters = counters;
        this.outbound = new RateLimit(limits.rates().outboundPublishes(), clock);
        this.clock = clock;
        this.interference = interference;
    }

    boolean hasReceivers(String topic) {
        return !tree.match(topic).isEmpty();
    }

    /** Delivers a message.
     *
     * @param publisher who published it, null for the broker itself
     * @return false when there is no subscription for it
     */
    boolean publish(Message message, @Nullable Session publisher) {
        if (TopicRules.isBasicIngest(message.topic())) {
            return true;
        }
        List<Receiver> receivers = tree.match(message.topic());
        if (receivers.size() == 1) {
            deliver(receivers.getFirst(), message, publisher);
        } else if (!receivers.isEmpty()) {
            deliverOnceEach(receivers, message, publisher);
        }
        return !receivers.isEmpty();
    }

    /** A session with several matching subscriptions gets the message once, by the one among them that gives it most. */
    private void deliverOnceEach(List<Receiver> receivers, Message message, @Nullable Session publisher) {
        Map<Session, Subscription> best = new HashMap<>(receivers.size());
        for (Receiver receiver : receivers) {
            switch (receiver) {
                case SharedGroup group -> deliver(group, message, publisher);
                case Subscription subscription -> {
                    if (subscription.isFor(publisher)) {
                        best.merge(subscription.session, subscription, Subscription::better);
                    }
                }
            }
        }
        best.values().forEach(subscription -> deliver(subscription, message, publisher));
    }

    private void deliver(Receiver receiver, Message message, @Nullable Session publisher) {
        if (receiver instanceof Subscription subscription && !subscription.isFor(publisher)) {
            return;
        }
        if (!outbound.tryAcquire()) {
            counters.dropped.increment();
            return;
        }
        switch (receiver) {
            case SharedGroup group -> {
                if (!group.deliver(message)) {
                    counters.dropped.increment();
                }
            }
            case Subscription subscription -> offer(subscription, message, publisher);
        }
    }

    @SuppressWarnings("ReferenceEquality") // No interference is one object, and costs one comparison.
    private void offer(Subscription subscription, Message message, @Nullable Session publisher) {
        if (interference == Interference.NONE || publisher == null) {
            boolean ignored = subscription.session.offer(subscription.deliveryOf(message));
        } else {
            interference.meet(new Passage(message, publisher.clientId, subscription, clock));
        }
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
                group = new SharedGroup(limits.maxGroupQueue());
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
