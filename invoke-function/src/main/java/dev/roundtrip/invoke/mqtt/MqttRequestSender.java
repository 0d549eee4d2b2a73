package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.RequestSender;
import dev.roundtrip.invoke.Timings;
import dev.roundtrip.protocol.Instance;
import dev.roundtrip.protocol.MessageId;
import org.jspecify.annotations.Nullable;

/** Sends commands over one warm MQTT connection and hears their answers on it. Thread-safe. */
public final class MqttRequestSender implements RequestSender, AutoCloseable {
    private final WarmChannel channel;
    private final Delivery delivery;
    private final Pace pace;

    /** How a sender works.
     *
     * @param listening how answers are listened for
     * @param delivery how commands are sent
     * @param rate how many of them in a second
     */
    public record Ways(Listening listening, Delivery delivery, RequestRate rate) {}

    /** Connects nothing yet: {@link #connect} does, or the first call. */
    public MqttRequestSender(MqttChannel.Connector connector, Ways ways, Environment environment) {
        this.delivery = ways.delivery();
        this.channel = new WarmChannel(connector, ways.listening(), environment);
        this.pace = new Pace(ways.rate(), environment.clocks());
    }

    /** Connects ahead of the first call.
     *
     * @param meanwhile what there is to do until then; runs here
     * @throws MqttException when the broker cannot be reached, refuses, or does not answer before the deadline; calls
     *     try again
     */
    public void connect(Runnable meanwhile, Deadline deadline) throws MqttException {
        channel.connect(meanwhile, deadline);
    }

    /** Disconnects, so that nothing is connected and no id is kept; the next call connects again. */
    public void disconnect() {
        channel.disconnect();
        delivery.disconnect();
    }

    @Override
    public MessageId nextId() {
        @Nullable Line line = channel.last();
        return line == null ? MessageId.random() : line.acks().claim();
    }

    @Override
    public @Nullable Instance instance() {
        return channel.instance();
    }

    @Override
    public void send(Command command, PendingAcks.Pending pending, Timings timings) {
        try {
            delivery.deliver(
                    new OutgoingCommand(new OutgoingCommand.PacedChannel(channel, pace), command, pending, timings));
        } catch (MqttException notSent) {
            pending.settle(notSent.result());
        }
    }

    @Override
    public void release(MessageId id) {
        channel.release(id);
    }

    @Override
    public void close() {
        channel.close();
        delivery.disconnect();
    }
}
