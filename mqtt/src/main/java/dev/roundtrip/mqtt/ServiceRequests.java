package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.MessageListener.Loss;
import dev.roundtrip.mqtt.ReservedTopicService.Request;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.ReasonCode;

/** Hands what is published to a service's topics over to the service. Thread-safe; never blocks. */
final class ServiceRequests {
    private final RequestLanes lanes;
    private final Counters counters;
    private final Backlog backlog;
    private final BrokerClock clock;
    private final MessageListener listener;

    ServiceRequests(RequestLanes lanes, Counters counters, Backlog backlog, BrokerSettings settings) {
        this.lanes = lanes;
        this.counters = counters;
        this.backlog = backlog;
        this.clock = settings.clock();
        this.listener = settings.messages();
    }

    /** Hands a message over, unless there is no room. It goes to no subscriber and is not retained.
     *
     * @param service owns the message's topic
     */
    Routed handOver(ReservedTopicService service, Message message, RequestSource source) {
        if (!takeRoom(message, source)) {
            counters.dropped.increment();
            tell(message, source, ReasonCode.QUOTA_EXCEEDED);
            listener.dropped(null, message.publication(), Loss.NO_ROOM);
            return Routed.NO_ROOM;
        }
        counters.published.increment();
        tell(message, source, ReasonCode.SUCCESS);
        String order = orderOf(service, message.topic());
        lanes.run(new RequestLanes.Lane(service, order), () -> serve(service, message, source));
        return Routed.TAKEN;
    }

    private boolean takeRoom(Message message, RequestSource source) {
        if (!lanes.takeRoom(source.share(), message.weight())) {
            return false;
        }
        boolean taken = backlog.take(message, Backlog.Claim.PASSING);
        if (!taken) {
            lanes.giveBack(source.share(), message.weight());
        }
        return taken;
    }

    private void tell(Message message, RequestSource source, ReasonCode answer) {
        listener.published(source.publisher(), message.publication(), message.qos(), answer);
    }

    /** A service that cannot tell serves the topic in order. */
    private static String orderOf(ReservedTopicService service, String topic) {
        try {
            return service.orderOf(topic);
        } catch (RuntimeException defect) {
            Defects.log("The order of a request is not known", defect);
            return topic;
        }
    }

    private void serve(ReservedTopicService service, Message message, RequestSource source) {
        Publication content = message.publication();
        try {
            if (message.hasExpired(clock.nanos())) {
                listener.dropped(null, content, Loss.EXPIRED);
            } else {
                Request request = new Request(source.clientId(), source.principal(), content, message.qos());
                service.take(request, source.requester());
            }
        } finally {
            backlog.giveBack(message);
            lanes.giveBack(source.share(), message.weight());
        }
    }
}
