package dev.roundtrip.local.iot.data;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.Messages;
import dev.roundtrip.mqtt.Messages.Outgoing;
import dev.roundtrip.mqtt.Messages.Retention;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;

/** Publish. A message to a request topic of a service, such as {@code $aws/things/x/shadow/update}, goes to the service
 * like one that is published over MQTT, and what the service then publishes goes to its topics. That is our choice:
 * AWS's documentation does not speak of it. Thread-safe.
 */
final class Publishes {
    private final Messages broker;
    private final MessageReader messages;

    Publishes(Messages broker, BrokerLimits limits) {
        this.broker = broker;
        this.messages = new MessageReader(limits);
    }

    HttpReply publish(OperationRequest request) throws Refusal {
        String topic = request.label("topic");
        Qos qos = request.query().number("qos", 0, 0, 1) == 1 ? Qos.AT_LEAST_ONCE : Qos.AT_MOST_ONCE;
        Retention retention = request.query().flag("retain") ? Retention.RETAINED : Retention.NONE;
        Publication content = messages.read(request, topic);
        Outgoing message = new Outgoing(content, qos, retention, request.query().unsigned("messageExpiry"));
        return switch (broker.publish(message)) {
            case TAKEN -> DirectMessages.taken(request);
            case RESERVED -> throw Refusal.invalid("the topic is reserved, and no service takes messages there");
            case THROTTLED -> throw new Refusal(ErrorType.THROTTLING, "too many messages are published at once");
            case NOT_STORED -> throw new StoreException("a retained message could not be stored");
            case NO_ROOM ->
                throw new Refusal(ErrorType.THROTTLING, "the broker holds as many messages as it may; try again");
        };
    }
}
