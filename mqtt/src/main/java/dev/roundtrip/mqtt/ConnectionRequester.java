package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends answers to one connection, for as long as the session has this connection. Thread-safe; never blocks. */
record ConnectionRequester(Session session, Connection connection, MessageListener listener)
        implements ReservedTopicService.Requester {

    @Override
    public void answer(Publication answer) {
        listener.published(null, answer, Qos.AT_LEAST_ONCE, ReasonCode.SUCCESS);
        DirectMessage message = new DirectMessage(answer, Qos.AT_LEAST_ONCE, Duration.ZERO);
        session.offerAnswer(connection, Delivery.direct(message, new CompletableFuture<>()));
    }
}
