package dev.roundtrip.local.iot.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.mqtt.BrokerClock;
import dev.roundtrip.mqtt.DisconnectReason;
import dev.roundtrip.mqtt.LifecycleListener;
import java.net.InetAddress;
import java.util.List;

/** Tells subscribers who came, who went, and who listens to what, under {@code $aws/events/}. Thread-safe.
 *
 * <p>Source of topics and fields: AWS IoT developer guide, "Lifecycle events".
 */
public final class LifecycleEvents implements LifecycleListener {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PRESENCE = "$aws/events/presence/";
    private static final String SUBSCRIPTIONS = "$aws/events/subscriptions/";

    private final Publisher publisher;
    private final BrokerClock clock;

    /** @param publisher of the broker whose clients these are */
    public LifecycleEvents(Publisher publisher, BrokerClock clock) {
        this.publisher = publisher;
        this.clock = clock;
    }

    @Override
    public void connected(Client client, InetAddress address, long version) {
        String topic = PRESENCE + "connected/" + client.clientId();
        if (isHeard(client, topic)) {
            ObjectNode event = presence(client, "connected");
            event.put("ipAddress", address.getHostAddress());
            event.put("versionNumber", version);
            publish(topic, event);
        }
    }

    @Override
    public void disconnected(Client client, DisconnectReason reason, long version) {
        String topic = PRESENCE + "disconnected/" + client.clientId();
        if (isHeard(client, topic)) {
            ObjectNode event = presence(client, "disconnected");
            event.put("clientInitiatedDisconnect", reason == DisconnectReason.CLIENT_INITIATED_DISCONNECT);
            event.put("disconnectReason", reason.name());
            event.put("versionNumber", version);
            publish(topic, event);
        }
    }

    @Override
    public void connectFailed(Client client, InetAddress address) {
        String topic = PRESENCE + "connect_failed/" + client.clientId();
        if (isHeard(client, topic)) {
            ObjectNode event = presence(client, "connect_failed");
            event.put("connectFailureReason", "AUTHORIZATION_FAILED");
            event.put("ipAddress", address.getHostAddress());
            publish(topic, event);
        }
    }

    @Override
    public void subscribed(Client client, List<String> filters) {
        subscriptions(client, "subscribed", filters);
    }

    @Override
    public void unsubscribed(Client client, List<String> filters) {
        subscriptions(client, "unsubscribed", filters);
    }

    private void subscriptions(Client client, String eventType, List<String> filters) {
        String topic = SUBSCRIPTIONS + eventType + "/" + client.clientId();
        if (!filters.isEmpty() && isHeard(client, topic)) {
            ObjectNode event = JSON.createObjectNode();
            event.put("clientId", client.clientId());
            event.put("timestamp", clock.now().toEpochMilli());
            event.put("eventType", eventType);
            event.put("sessionIdentifier", client.sessionIdentifier());
            event.put("principalIdentifier", client.principal().id());
            filters.forEach(event.putArray("topics")::add);
            publish(topic, event);
        }
    }

    private ObjectNode presence(Client client, String eventType) {
        ObjectNode event = JSON.createObjectNode();
        event.put("clientId", client.clientId());
        String thingName = client.principal().thingName();
        if (thingName != null) {
            event.put("thingName", thingName);
        }
        event.put("timestamp", clock.now().toEpochMilli());
        event.put("eventType", eventType);
        event.put("sessionIdentifier", client.sessionIdentifier());
        event.put("principalIdentifier", client.principal().id());
        return event;
    }

    /** A client id with a wildcard has no events; and nobody writes what nobody reads. */
    private boolean isHeard(Client client, String topic) {
        return client.clientId().indexOf('+') < 0
                && client.clientId().indexOf('#') < 0
                && publisher.hasReceivers(topic);
    }

    private void publish(String topic, ObjectNode event) {
        try {
            publisher.publish(topic, JSON.writeValueAsBytes(event));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an event could not be written", impossible);
        }
    }
}
