package dev.roundtrip.device.responder;

import dev.roundtrip.device.responder.Command.Gateway;
import dev.roundtrip.device.responder.Command.Times;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes a command of a delivery, or says why it is none.
 *
 * @param self the device; commands for others are none of its business
 * @param limits by how much deadlines are extended, and how far they may lie ahead
 */
record CommandReader(Target self, Limits limits) {
    /** What is left of a message whose whole seconds are over, and which the broker has delivered all the same. */
    private static final Duration LAST_SECOND = Duration.ofSeconds(1);

    /** @throws NotACommandException when the delivery is malformed or not for this device */
    Command read(Delivery delivery, Instant now) throws NotACommandException {
        if (delivery.payload().length > Json.MAX_PAYLOAD_BYTES) {
            throw new NotACommandException(
                    "payload has " + delivery.payload().length + " bytes, more than " + Json.MAX_PAYLOAD_BYTES);
        }
        Route route = route(delivery.topic());
        RequestMessage message = message(delivery.payload());
        if (!message.id().equals(route.wireId())) {
            throw new NotACommandException("the payload's id is not the topic's");
        }
        Instant deadline = message.deadline();
        Instant sent = message.timestamp();
        return deadline == null
                ? command(route, message, new Times(sent, now, now.plus(patience(delivery))), Gateway.SAMPLE)
                : command(
                        route,
                        message,
                        new Times(sent, now, deadline.plus(limits.clockTolerance())),
                        Gateway.ROUNDTRIP);
    }

    private static Command command(Route route, RequestMessage message, Times times, Gateway gateway) {
        return new Command(route, message.request(), times, gateway, message.order(), message.key(), message.trace());
    }

    /** How long a command without a deadline counts: as long as its message, or as long as a device remembers any
     * command.
     */
    private Duration patience(Delivery delivery) {
        Duration expiry = delivery.expiry();
        if (expiry == null || expiry.compareTo(limits.maxDeadline()) > 0) {
            return limits.maxDeadline();
        }
        return expiry.compareTo(LAST_SECOND) < 0 ? LAST_SECOND : expiry;
    }

    private Route route(String topic) throws NotACommandException {
        Optional<Route> read = Route.ofRequestTopic(topic);
        if (read.isEmpty()) {
            throw new NotACommandException(
                    "topic is not " + self + "/<method>/<client prefix>/<message id>, with or without an instance");
        }
        Route route = read.get();
        if (!route.target().equals(self)) {
            throw new NotACommandException("topic is another device's");
        }
        try {
            route.answerTopic();
            return route;
        } catch (MalformedNameException tooLong) {
            throw new NotACommandException("the answer's topic would be too long");
        }
    }

    private static RequestMessage message(byte[] payload) throws NotACommandException {
        try {
            return RequestMessage.decode(payload);
        } catch (MalformedMessageException malformed) {
            throw new NotACommandException(String.valueOf(malformed.getMessage()));
        }
    }
}
