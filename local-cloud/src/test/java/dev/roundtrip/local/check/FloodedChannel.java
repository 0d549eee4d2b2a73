package dev.roundtrip.local.check;

import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.mqtt.MqttChannel;
import dev.roundtrip.protocol.Json;

/** A connection to a device that answers each request many times at once, before the request is handed over. */
final class FloodedChannel implements MqttChannel {
    private final Listener listener;
    private final int answers;
    private final String response;

    /** @param answers how many for each request
     * @param length of each, in characters
     */
    FloodedChannel(Listener listener, int answers, int length) {
        this.listener = listener;
        this.answers = answers;
        this.response = "x".repeat(length);
    }

    @Override
    public void publish(Command command, Acknowledgement acknowledgement) {
        String[] levels = command.requestTopic().value().split("/", 4);
        String topic = levels[2] + "/" + levels[3] + "/" + levels[0] + "/" + levels[1] + "/ack";
        byte[] payload = Json.write(Json.object().put("id", levels[3]).put("response", response));
        for (int i = 0; i < answers; i++) {
            var unused = listener.received(topic, payload);
        }
    }

    @Override
    public void subscribe(String filter, Deadline deadline) {}

    @Override
    public void unsubscribe(String filter) {}

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public long silentNanos() {
        return 0;
    }

    @Override
    public void leave() {}

    @Override
    public void retire(Deadline patience) {}

    @Override
    public void close() {}
}
