package dev.roundtrip.local.broker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.util.List;

/** Tells subscribers who came, who went, and who listens to what, under {@code $aws/events/}. Thread-safe.
 *
 * <p>Source of topics and fields: AWS IoT developer guide, "Lifecycle events".
 */
final class Lifecycle {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PRESENCE = "$aws/events/presence/";
    private static final String SUBSCRIPTIONS = "$aws/events/subscriptions/";

    private final Router router;
    private final BrokerClock clock;

    Lifecycle(Router router, BrokerClock clock) {
        this.router = router;
        this.clock = clock;
    }

    /** Whom an event is about. */
    record Client(String clientId, Principal principal, String sessionIdentifier) {}

    void connected(Client client, InetAddress address, long version) {
        String topic = PRESENCE + "connected/" + client.clientId;
        if (isHeard(client, topic)) {
            ObjectNode event = presence(client, "connected");
            event.put("ipAddress", address.getHostAddress());
            event.put("versionNumber", version);
            publish(topic, event);
        }
    }

    void disconnected(Client client, DisconnectReason reason, long version) {
        String topic = PRESENCE + "disconnected/" + client.clientId;
        if (isHeard(client, topic)) {
            ObjectNode event = presence(client, "disconnected");
            event.put("clientInitiatedDisconnect", reason == DisconnectReason.CLIENT_INITIATED_DISCONNECT);
            event.put("disconnectReason", reason.name());
            event.put("versionNumber", version);
            publish(topic, event);
        }
    }

    void connectFailed(Client client, InetAddress address) {
        String topic = PRESENCE + "connect_failed/" + client.clientId;
        if (isHeard(client, topic)) {
            ObjectNode event = presence(client, "connect_failed");
            event.put("connectFailureReason", "AUTHORIZATION_FAILED");
            event.put("ipAddress", address.getHostAddress());
            publish(topic, event);
        }
    }

    void subscribed(Client client, List<String> filters) {
        subscriptions(client, "subscribed", filters);
    }

    void unsubscribed(Client client, List<String> filters) {
        subscriptions(client, "unsubscribed", filters);
    }

    private void subscriptions(Client client, String eventType, List<String> filters) {
        String topic = SUBSCRIPTIONS + eventType + "/" + client.clientId;
        if (!filters.isEmpty() && isHeard(client, topic)) {
            ObjectNode event = JSON.createObjectNode();
            event.put("clientId", client.clientId);
            event.put("timestamp", clock.now().toEpochMilli());
            event.put("eventType", eventType);
            event.put("sessionIdentifier", client.sessionIdentifier);
            event.put("principalIdentifier", client.principal.id());
            filters.forEach(event.putArray("topics")::add);
            publish(topic, event);
        }
    }

    private ObjectNode presence(Client client, String eventType) {
        ObjectNode event = JSON.createObjectNode();
        event.put("clientId", client.clientId);
        String thingName = client.principal.thingName();
        if (thingName != null) {
            event.put("thingName", thingName);
        }
        event.put("timestamp", clock.now().toEpochMilli());
        event.put("eventType", eventType);
        event.put("sessionIdentifier", client.sessionIdentifier);
        event.put("principalIdentifier", client.principal.id());
        return event;
    }

    /** A client id with a wildcard has no events; and nobody writes what nobody reads. */
    private boolean isHeard(Client client, String topic) {
        return client.clientId.indexOf('+') < 0 && client.clientId.indexOf('#') < 0 && router.hasReceivers(topic);
    }

    private void publish(String topic, ObjectNode event) {
        try {
            router.publish(Message.ofBroker(topic, JSON.writeValueAsBytes(event)), null);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an event could not be written", impossible);
        }
    }
}
