package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import java.util.Collection;

/** One wildcard subscription hears the answers to all calls: right where one process serves them all. */
final class Wildcard implements AckSubscription {
    private final MqttChannel channel;
    private final String filter;

    Wildcard(MqttChannel channel, ClientPrefix prefix) {
        this.channel = channel;
        this.filter = Route.answersTo(prefix);
    }

    @Override
    public void open(Collection<MessageId> waiting, Deadline deadline) throws MqttException {
        channel.subscribe(filter, deadline);
    }

    @Override
    public void follow(Collection<MessageId> waiting, Deadline deadline) {
        // All are listened for.
    }

    @Override
    public MessageId claim() {
        return MessageId.random();
    }

    @Override
    public void listen(MessageId id, Deadline deadline) {
        // Every answer is heard since the channel was opened.
    }

    @Override
    public void sent() {
        // The next call is prepared for as well as this one was.
    }

    @Override
    public void release(MessageId id) {
        // Nothing was subscribed for this call alone.
    }

    @Override
    public void verify(Deadline deadline) throws MqttException {
        channel.subscribe(filter, deadline);
    }
}
