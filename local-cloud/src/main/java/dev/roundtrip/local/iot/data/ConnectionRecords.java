package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpEndpoint.Answer;
import dev.roundtrip.local.http.operation.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.data.DataPlane.Addressed;
import dev.roundtrip.mqtt.ClientState;
import dev.roundtrip.mqtt.Connections;
import dev.roundtrip.mqtt.Connections.Forgotten;
import dev.roundtrip.mqtt.Connections.Subscribed;
import dev.roundtrip.mqtt.packet.Qos;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** GetConnection, ListSubscriptions and DeleteConnection. */
final class ConnectionRecords {
    private static final int DEFAULT_RESULTS = 20;
    private static final int MAX_RESULTS = 200;

    private ConnectionRecords() {}

    static Answer get(Addressed addressed, Connections connections) throws Refusal {
        addressed.demand(DataAction.GET_CONNECTION);
        boolean withSocket = addressed.parameters().flag("includeSocketInformation");
        ClientState state = connections.find(addressed.clientId()).orElseThrow(() -> unknown(addressed));
        ObjectNode record = Answers.JSON.createObjectNode().put("clientId", addressed.clientId());
        return Answers.ok(
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

    static Answer list(Addressed addressed, Connections connections) throws Refusal {
        addressed.demand(DataAction.LIST_SUBSCRIPTIONS);
        int results = addressed.parameters().number("maxResults", DEFAULT_RESULTS, 1, MAX_RESULTS);
        String after = token(addressed.parameters().text("nextToken"));
        List<Subscribed> rest = connections.subscriptions(addressed.clientId()).stream()
                .filter(each -> each.topicFilter().compareTo(after) > 0)
                .toList();
        if (rest.isEmpty()
                && after.isEmpty()
                && connections.find(addressed.clientId()).isEmpty()) {
            throw unknown(addressed);
        }
        ObjectNode page = Answers.JSON.createObjectNode();
        ArrayNode subscriptions = page.putArray("subscriptions");
        rest.stream()
                .limit(results)
                .forEach(each -> subscriptions
                        .addObject()
                        .put("topicFilter", each.topicFilter())
                        .put("qos", each.qos() == Qos.AT_LEAST_ONCE ? 1 : 0));
        if (rest.size() > results) {
            byte[] last = rest.get(results - 1).topicFilter().getBytes(StandardCharsets.UTF_8);
            page.put("nextToken", Base64.getUrlEncoder().withoutPadding().encodeToString(last));
        }
        return Answers.ok(page);
    }

    private static String token(@Nullable String given) throws Refusal {
        try {
            return given == null ? "" : new String(Base64.getUrlDecoder().decode(given), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(ErrorType.INVALID_REQUEST, "nextToken is not one that was given");
        }
    }

    static Answer delete(Addressed addressed, Connections connections) throws Refusal {
        addressed.demand(DataAction.DELETE_CONNECTION);
        Set<Forgotten> forgotten = EnumSet.noneOf(Forgotten.class);
        if (addressed.parameters().flag("cleanSession")) {
            forgotten.add(Forgotten.SESSION);
        }
        if (addressed.parameters().flag("preventWillMessage")) {
            forgotten.add(Forgotten.WILL);
        }
        if (!connections.delete(addressed.clientId(), forgotten)) {
            throw unknown(addressed);
        }
        return Answers.empty();
    }

    private static Refusal unknown(Addressed addressed) {
        return new Refusal(
                ErrorType.RESOURCE_NOT_FOUND, "no connection is known of the client " + addressed.clientId());
    }
}
