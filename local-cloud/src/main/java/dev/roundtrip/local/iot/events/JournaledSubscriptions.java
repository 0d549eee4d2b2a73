package dev.roundtrip.local.iot.events;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.mqtt.DisconnectReason;
import dev.roundtrip.mqtt.LifecycleListener;
import java.net.InetAddress;
import java.util.List;

/** Records the subscriptions of clients, except those of the function: with {@code ACK_SUBSCRIPTION=per-call} it
 * subscribes and unsubscribes for each call, which would be one entry in seven. Thread-safe; never blocks.
 *
 * @param next is told of everything
 * @param functionClients how the client ids of the function begin, which no other client may have
 */
public record JournaledSubscriptions(LifecycleListener next, Recorder journal, String functionClients)
        implements LifecycleListener {

    @Override
    public void connected(Client client, InetAddress address, long version) {
        next.connected(client, address, version);
    }

    @Override
    public void disconnected(Client client, DisconnectReason reason, long version) {
        next.disconnected(client, reason, version);
    }

    @Override
    public void connectFailed(Client client, InetAddress address) {
        next.connectFailed(client, address);
    }

    @Override
    public void subscribed(Client client, List<String> filters) {
        record(Step.SUBSCRIBED, client, filters);
        next.subscribed(client, filters);
    }

    @Override
    public void unsubscribed(Client client, List<String> filters) {
        record(Step.UNSUBSCRIBED, client, filters);
        next.unsubscribed(client, filters);
    }

    private void record(Step step, Client client, List<String> filters) {
        if (!client.clientId().startsWith(functionClients)) {
            filters.forEach(filter -> journal.record(new Entry(step, client.clientId(), filter)));
        }
    }
}
