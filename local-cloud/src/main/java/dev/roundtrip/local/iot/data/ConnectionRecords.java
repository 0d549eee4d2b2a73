package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.PageToken;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.mqtt.ClientState;
import dev.roundtrip.mqtt.Connections;
import dev.roundtrip.mqtt.Connections.Forgotten;
import dev.roundtrip.mqtt.Connections.Subscribed;
import dev.roundtrip.mqtt.packet.Qos;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** GetConnection, ListSubscriptions and DeleteConnection. */
final class ConnectionRecords {
    private static final int DEFAULT_RESULTS = 20;
    private static final int MAX_RESULTS = 200;

    private final Connections connections;

    ConnectionRecords(Connections connections) {
        this.connections = connections;
    }

    HttpReply get(OperationRequest request) throws Refusal {
        String clientId = DataPlane.clientId(request);
        boolean withSocket = request.query().flag("includeSocketInformation");
        ClientState state = connections.find(clientId).orElseThrow(() -> unknown(clientId));
        ObjectNode record = RestJson.MAPPER.createObjectNode().put("clientId", clientId);
        return RestJson.ok(
                switch (state) {
                    case ClientState.Connected connected -> {
                        record.put("connected", true);
                        record.put("connectedSince", connected.since().toEpochMilli());
                        describe(connected, record);
                        if (withSocket) {
                            address("source", connected.source(), record);
                            address("target", connected.target(), record);
                        }
                        yield record;
                    }
                    case ClientState.Disconnected gone -> {
                        record.put("connected", false);
                        record.put("disconnectedSince", gone.since().toEpochMilli());
                        record.put("disconnectReason", gone.reason().name());
                        describe(gone.last(), record);
                        yield record;
                    }
                });
    }

    private static void address(String end, InetSocketAddress address, ObjectNode record) {
        record.put(end + "Ip", address.getAddress().getHostAddress());
        record.put(end + "Port", address.getPort());
    }

    private static void describe(ClientState.Connected connection, ObjectNode record) {
        if (connection.thingName() != null) {
            record.put("thingName", connection.thingName());
        }
        record.put("cleanSession", connection.cleanSession());
        record.put("keepAliveDuration", connection.keepAlive().toSeconds());
        record.put("sessionExpiry", connection.sessionExpiry().toSeconds());
    }

    HttpReply list(OperationRequest request) throws Refusal {
        String clientId = DataPlane.clientId(request);
        int results = request.query().number("maxResults", DEFAULT_RESULTS, 1, MAX_RESULTS);
        String after = PageToken.name(request.query().text("nextToken"));
        List<Subscribed> rest = connections.subscriptions(clientId).stream()
                .filter(each -> each.topicFilter().compareTo(after) > 0)
                .toList();
        if (rest.isEmpty() && after.isEmpty() && connections.find(clientId).isEmpty()) {
            throw unknown(clientId);
        }
        ObjectNode page = RestJson.MAPPER.createObjectNode();
        ArrayNode subscriptions = page.putArray("subscriptions");
        rest.stream()
                .limit(results)
                .forEach(each -> subscriptions
                        .addObject()
                        .put("topicFilter", each.topicFilter())
                        .put("qos", each.qos() == Qos.AT_LEAST_ONCE ? 1 : 0));
        if (rest.size() > results) {
            page.put("nextToken", PageToken.after(rest.get(results - 1).topicFilter()));
        }
        return RestJson.ok(page);
    }

    HttpReply delete(OperationRequest request) throws Refusal {
        String clientId = DataPlane.clientId(request);
        Set<Forgotten> forgotten = EnumSet.noneOf(Forgotten.class);
        if (request.query().flag("cleanSession")) {
            forgotten.add(Forgotten.SESSION);
        }
        if (request.query().flag("preventWillMessage")) {
            forgotten.add(Forgotten.WILL);
        }
        if (!connections.delete(clientId, forgotten)) {
            throw unknown(clientId);
        }
        return RestJson.empty();
    }

    private static Refusal unknown(String clientId) {
        return new Refusal(ErrorType.RESOURCE_NOT_FOUND, "no connection is known of the client " + clientId);
    }
}
