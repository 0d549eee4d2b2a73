package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends answers to one connection, for as long as the session has this connection. Thread-safe; never blocks. */
record ConnectionRequester(Session session, Connection connection, Core core)
        implements ReservedTopicService.Requester {

    @Override
    @SuppressWarnings("ReferenceEquality") // No injector is one object, and costs one comparison.
    public void answer(Publication answer) {
        core.messages.published(null, answer, Qos.AT_LEAST_ONCE, ReasonCode.SUCCESS);
        FaultInjector injector = core.injectors.current();
        if (injector == FaultInjector.NONE) {
            send(answer);
            return;
        }
        injector.meet(new InFlightMessage(
                Message.ofBroker(answer),
                InFlightMessage.Ends.toClient(null, session.clientId),
                message -> send(message.publication()),
                core.clock));
    }

    private void send(Publication answer) {
        DirectMessage message = new DirectMessage(answer, Qos.AT_LEAST_ONCE, Duration.ZERO);
        session.offerAnswer(connection, Delivery.direct(message, new CompletableFuture<>()));
    }
}
