package dev.roundtrip.local.broker;

import dev.roundtrip.local.broker.packet.Packet.Subscribe.Request;
import dev.roundtrip.local.broker.packet.Qos;
import dev.roundtrip.local.broker.topic.TopicFilter;

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

    boolean noLocal() {
        return options.noLocal();
    }

    Delivery deliveryOf(Message message) {
        Request now = options;
        return new Delivery(message, message.qos().min(now.qos()), now.retainAsPublished() && message.retain());
    }
}
