package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.MessageListener.Loss;
import dev.roundtrip.mqtt.packet.ReasonCode;
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
    private final MessageListener listener;
    private final ReasonCode unheard;

    Router(BrokerSettings settings, Counters counters, Backlog backlog, InjectorSwitch injectors) {
        this.backlog = backlog;
        this.limits = settings.limits().topics();
        this.counters = counters;
        this.outbound = new RateLimit(settings.limits().rates().outboundPublishes(), settings.clock());
        this.clock = settings.clock();
        this.injectors = injectors;
        this.listener = settings.messages();
        this.unheard = switch (settings.unheard()) {
            case UNTOLD -> ReasonCode.SUCCESS;
            case TOLD -> ReasonCode.NO_MATCHING_SUBSCRIBERS;
        };
        backlog.add(this);
    }

    boolean hasReceivers(String topic) {
        return !tree.match(topic).isEmpty();
    }

    /** Delivers a message. A message of QoS 1 gets room for all who subscribed, or goes to nobody.
     *
     * @param publisher who published it, null for the broker itself and for the data plane: then it meets no fault
     */
    Routed publish(Message message, @Nullable Session publisher) {
        return publish(message, publisher, publisher == null ? FaultInjector.NONE : injectors.current());
    }

    /** Delivers a message of a service, as one that a client published. */
    void publishOfService(Message message) {
        var unused = publish(message, null, injectors.current());
    }

    @SuppressWarnings("ReferenceEquality") // No injector is one object, and costs one comparison.
    private Routed publish(Message message, @Nullable Session publisher, FaultInjector injector) {
        if (TopicRules.isBasicIngest(message.topic())) {
            tell(message, publisher, ReasonCode.SUCCESS);
            return Routed.TAKEN;
        }
        List<Receiver> matching = tree.match(message.topic());
        if (matching.isEmpty()) {
            tell(message, publisher, unheard);
            listener.unmatched(message.publication());
            return Routed.UNHEARD;
        }
        Collection<Receiver> receivers = receivers(matching, publisher);
        if (receivers.isEmpty()) {
            tell(message, publisher, ReasonCode.SUCCESS);
            listener.unmatched(message.publication());
            return Routed.TAKEN;
        }
        if (injector != FaultInjector.NONE) {
            tell(message, publisher, ReasonCode.SUCCESS);
            interfere(receivers, message, publisher == null ? null : publisher.clientId, injector);
            return Routed.TAKEN;
        }
        return switch (message.qos()) {
            case AT_MOST_ONCE -> {
                tell(message, publisher, ReasonCode.SUCCESS);
                yield deliverToEach(receivers, message);
            }
            case AT_LEAST_ONCE -> deliverToAll(receivers, message, publisher);
        };
    }

    /** Tells the listener of a message before anybody can get the message. */
    private void tell(Message message, @Nullable Session publisher, ReasonCode answer) {
        listener.published(publisher == null ? null : publisher.clientId, message.publication(), message.qos(), answer);
    }

    /** Tells the listener of a message that nobody gets, for there is no room or a rate is exceeded. */
    void refuse(Message message, @Nullable Session publisher, Loss why) {
        tell(message, publisher, ReasonCode.QUOTA_EXCEEDED);
        listener.dropped(null, message.publication(), why);
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
            matched(receiver, message);
            if (backlog.take(message, receiver.claim())) {
                deliver(receiver, message);
            } else {
                lose(receiver, message, Loss.NO_ROOM);
            }
        }
        return Routed.TAKEN;
    }

    private Routed deliverToAll(Collection<Receiver> receivers, Message message, @Nullable Session publisher) {
        backlog.makeRoomFor(message, receivers.size());
        if (!backlog.take(message, receivers.size(), claim(receivers))) {
            counters.dropped.add(receivers.size());
            refuse(message, publisher, Loss.NO_ROOM);
            return Routed.NO_ROOM;
        }
        tell(message, publisher, ReasonCode.SUCCESS);
        for (Receiver receiver : receivers) {
            matched(receiver, message);
            deliver(receiver, message);
        }
        return Routed.TAKEN;
    }

    /** A shared subscription is told by the member that takes the message. */
    private void matched(Receiver receiver, Message message) {
        if (receiver instanceof Subscription subscription) {
            subscription.tellMatched(listener, message);
        }
    }

    private void lose(@Nullable Receiver receiver, Message message, Loss why) {
        counters.dropped.increment();
        listener.dropped(
                receiver instanceof Subscription subscription ? subscription.session.clientId : null,
                message.publication(),
                why);
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
            backlog.giveBack(message);
            lose(receiver, message, Loss.QUOTA);
            return;
        }
        switch (receiver) {
            case SharedGroup group -> deliver(group, message);
            case Subscription subscription -> offer(subscription.session, subscription.deliveryOf(message));
        }
    }

    private void deliver(@Nullable SharedGroup group, Message message) {
        if (group == null || !group.deliver(message)) {
            backlog.giveBack(message);
            lose(group, message, Loss.NO_MEMBER);
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

    private void interfere(
            Collection<Receiver> receivers, Message message, @Nullable String publisher, FaultInjector injector) {
        for (Receiver receiver : receivers) {
            switch (receiver) {
                case SharedGroup group -> deliverToEach(List.of(group), message);
                case Subscription subscription -> {
                    matched(subscription, message);
                    if (outbound.tryAcquire()) {
                        injector.meet(inFlight(message, publisher, subscription));
                    } else {
                        lose(subscription, message, Loss.QUOTA);
                    }
                }
            }
        }
    }

    private InFlightMessage inFlight(Message message, @Nullable String publisher, Subscription subscription) {
        Session session = subscription.session;
        return new InFlightMessage(
                message,
                InFlightMessage.Ends.toClient(publisher, session.clientId),
                delivered -> deliverNow(session, subscription.deliveryOf(delivered)),
                clock);
    }

    /** Delivers to one session what has no room yet. */
    void deliverNow(Session session, Delivery delivery) {
        if (backlog.take(delivery.message, session.claim())) {
            offer(session, delivery);
        } else {
            counters.dropped.increment();
            listener.dropped(session.clientId, delivery.message.publication(), Loss.NO_ROOM);
        }
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
                group = new SharedGroup(limits.maxGroupQueue(), backlog, listener);
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
