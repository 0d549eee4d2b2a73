package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Instance;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.WireId;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One wildcard subscription hears the answers to all calls of the channel: nothing is subscribed for a call. */
final class Wildcard implements AckSubscription {
    private final MqttChannel channel;
    private final String filter;

    /** Whose answers are heard; null for those without an instance. */
    @Nullable private final Instance instance;

    /** Hears all answers to a deployment. */
    Wildcard(MqttChannel channel, ClientPrefix prefix) {
        this.channel = channel;
        this.filter = Route.answersTo(prefix);
        this.instance = null;
    }

    /** Hears the answers that are addressed to an instance, and no others. */
    Wildcard(MqttChannel channel, ClientPrefix prefix, Instance instance) {
        this.channel = channel;
        this.filter = Route.answersTo(prefix, instance);
        this.instance = instance;
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
    public void listen(WireId call, Deadline deadline) throws MqttException {
        // Every answer to the instance is heard since the channel was opened.
        if (!Objects.equals(call.instance(), instance)) {
            throw new MqttException(
                    MqttException.Kind.UNAVAILABLE, "the function gave its connection up before the command was sent");
        }
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
