package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.MessageListener.Loss;
import dev.roundtrip.mqtt.ReservedTopicService.Request;
import dev.roundtrip.mqtt.packet.ReasonCode;

/** Hands what is published to a service's topics over to the service. Thread-safe; never blocks. */
final class ServiceRequests {
    private final RequestLanes lanes;
    private final Counters counters;
    private final Backlog backlog;
    private final BrokerClock clock;
    private final MessageListener listener;
    private final InjectorSwitch injectors;

    ServiceRequests(
            RequestLanes lanes, Counters counters, Backlog backlog, BrokerSettings settings, InjectorSwitch injectors) {
        this.injectors = injectors;
        this.lanes = lanes;
        this.counters = counters;
        this.backlog = backlog;
        this.clock = settings.clock();
        this.listener = settings.messages();
    }

    /** Hands a message over, unless there is no room. It goes to no subscriber and is not retained. What a client
     * publishes meets the injector, and is taken then.
     *
     * @param service owns the message's topic
     */
    @SuppressWarnings("ReferenceEquality") // No injector is one object, and costs one comparison.
    Routed handOver(ReservedTopicService service, Message message, RequestSource source) {
        FaultInjector injector = injectors.current();
        String publisher = source.publisher();
        if (injector != FaultInjector.NONE && publisher != null) {
            counters.published.increment();
            tell(message, source, ReasonCode.SUCCESS);
            injector.meet(new InFlightMessage(
                    message,
                    InFlightMessage.Ends.toService(publisher, message.topic()),
                    delivered -> deliver(service, delivered, source),
                    clock));
            return Routed.TAKEN;
        }
        if (!takeRoom(message, source)) {
            counters.dropped.increment();
            tell(message, source, ReasonCode.QUOTA_EXCEEDED);
            listener.dropped(null, message.publication(), Loss.NO_ROOM);
            return Routed.NO_ROOM;
        }
        counters.published.increment();
        tell(message, source, ReasonCode.SUCCESS);
        run(service, message, source);
        return Routed.TAKEN;
    }

    /** Hands over what was told to be taken, and met an injector. */
    private void deliver(ReservedTopicService service, Message message, RequestSource source) {
        if (takeRoom(message, source)) {
            run(service, message, source);
        } else {
            counters.dropped.increment();
            listener.dropped(null, message.publication(), Loss.NO_ROOM);
        }
    }

    /** Serves or refuses a request for which room is taken. */
    private void run(ReservedTopicService service, Message message, RequestSource source) {
        RequestLanes.Lane lane = new RequestLanes.Lane(service, orderOf(service, message.topic(), source.clientId()));
        if (lanes.enter(source.clientId(), lane)) {
            lanes.run(lane, () -> {
                try {
                    serve(service, message, source);
                } finally {
                    lanes.leave(source.clientId(), lane);
                }
            });
        } else {
            lanes.run(lane.ofRefusals(), () -> refuse(service, message, source));
        }
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
    private static String orderOf(ReservedTopicService service, String topic, String clientId) {
        try {
            return service.orderOf(topic, clientId);
        } catch (RuntimeException defect) {
            Defects.log("The order of a request is not known", defect);
            return topic;
        }
    }

    private void serve(ReservedTopicService service, Message message, RequestSource source) {
        try {
            if (message.hasExpired(clock.nanos())) {
                listener.dropped(null, message.publication(), Loss.EXPIRED);
            } else {
                service.take(request(message, source), source.requester());
            }
        } finally {
            giveBack(message, source);
        }
    }

    private void refuse(ReservedTopicService service, Message message, RequestSource source) {
        try {
            service.refuse(request(message, source), source.requester());
        } finally {
            giveBack(message, source);
        }
    }

    private static Request request(Message message, RequestSource source) {
        return new Request(source.clientId(), source.principal(), message.publication(), message.qos());
    }

    private void giveBack(Message message, RequestSource source) {
        backlog.giveBack(message);
        lanes.giveBack(source.share(), message.weight());
    }
}
