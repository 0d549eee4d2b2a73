package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Packet.Subscribe.Request;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.topic.TopicFilter;
import org.jspecify.annotations.Nullable;

/** One filter of one session; a new SUBSCRIBE to it changes its options in place, so that no message slips through. */
final class Subscription implements Receiver {
    final Session session;
    final TopicFilter filter;
    private volatile Request options;

    Subscription(Session session, TopicFilter filter, Request options) {
        this.session = session;
        this.filter = filter;
        this.options = options;
    }

    void change(Request newOptions) {
        options = newOptions;
    }

    Qos qos() {
        return options.qos();
    }

    /** Tells whether it wants what this session published: with the option No Local, not what is its own. */
    @SuppressWarnings("ReferenceEquality") // A session is itself.
    boolean isFor(@Nullable Session publisher) {
        return !options.noLocal() || session != publisher;
    }

    /** Of two subscriptions of one session that match, the one with the better quality; of equals, the one that keeps
     * RETAIN.
     */
    Subscription better(Subscription other) {
        Request mine = options;
        Request its = other.options;
        int quality = mine.qos().compareTo(its.qos());
        return quality > 0 || (quality == 0 && (mine.retainAsPublished() || !its.retainAsPublished())) ? this : other;
    }

    /** Tells that a message matched. */
    void tellMatched(MessageListener listener, Message message) {
        listener.matched(session.clientId, filter.text(), message.publication());
    }

    @Override
    public Backlog.Claim claim() {
        return session.claim();
    }

    Delivery deliveryOf(Message message) {
        Request now = options;
        return new Delivery(message, message.qos().min(now.qos()), now.retainAsPublished() && message.retain(), this);
    }
}
