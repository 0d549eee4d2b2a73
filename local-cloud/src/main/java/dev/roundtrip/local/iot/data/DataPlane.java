package dev.roundtrip.local.iot.data;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.Protocol;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.SignatureErrors;
import dev.roundtrip.local.iot.shadow.ShadowOperations;
import dev.roundtrip.local.iot.shadow.Shadows;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.Connections;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The operations of AWS IoT's data plane.
 *
 * <p>Source: service model {@code iot-data-2015-05-28}; AWS IoT developer guide, "Direct messaging" and "Managing MQTT
 * connections", 2026.
 */
public final class DataPlane {
    /** The signing name of AWS's clients; the log calls the service so. */
    public static final String SIGNING_NAME = "iotdata";

    /** The line and the headers are our choice. The body is larger than the largest payload, so that one that is a
     * little too large is refused in the operation's own words.
     */
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 256 * 1024);

    private static final int MAX_CLIENT_ID_BYTES = 128;

    private DataPlane() {}

    /** The operations on a broker.
     *
     * @param limits of messages and topics
     * @param shadows of things
     */
    public static OperationTable of(Broker broker, BrokerLimits limits, Shadows shadows) {
        Connections connections = broker.connections();
        Publishes publishes = new Publishes(broker.messages(), limits);
        RetainedRecords retained = new RetainedRecords(broker.messages());
        DirectMessages direct = new DirectMessages(connections, limits);
        ConnectionRecords records = new ConnectionRecords(connections);
        List<Operation> messages = List.of(
                Operation.of(
                        "SendDirectMessage",
                        "POST /connections/{clientId}/messages",
                        new Permission("iot:SendDirectMessage", "client/{clientId}").with("iot:Topic", "topic"),
                        direct::send),
                Operation.answered(
                        "GetConnection",
                        "GET /connections/{clientId}",
                        new Permission("iot:GetConnection", "client/{clientId}"),
                        records::get),
                Operation.answered(
                        "ListSubscriptions",
                        "GET /connections/{clientId}/subscriptions",
                        new Permission("iot:ListSubscriptions", "client/{clientId}"),
                        records::list),
                Operation.answered(
                        "DeleteConnection",
                        "DELETE /connections/{clientId}",
                        new Permission("iot:DeleteConnection", "client/{clientId}"),
                        records::delete),
                Operation.answered(
                                "Publish",
                                "POST /topics/{topic+}",
                                new Permission("iot:Publish", "topic/{topic}"),
                                publishes::publish)
                        .demanding(new Permission("iot:RetainPublish", "topic/{topic}").where("retain")),
                Operation.answered(
                        "GetRetainedMessage",
                        "GET /retainedMessage/{topic+}",
                        new Permission("iot:GetRetainedMessage", "topic/{topic}"),
                        retained::get),
                Operation.answered(
                        "ListRetainedMessages",
                        "GET /retainedMessage",
                        new Permission("iot:ListRetainedMessages", "*"),
                        retained::list));
        return new OperationTable(
                "AWS IoT data plane",
                "iot-data-2015-05-28",
                Set.of(SIGNING_NAME, "iotdevicegateway"),
                LIMITS,
                Protocol.REST_JSON,
                SignatureErrors.FORBIDDEN,
                Stream.concat(messages.stream(), ShadowOperations.of(shadows).stream())
                        .toList());
    }

    /** The client that a request is about.
     *
     * @throws Refusal when no client may have this id
     */
    static String clientId(OperationRequest request) throws Refusal {
        String clientId = request.label("clientId");
        if (clientId.startsWith("$") || clientId.getBytes(StandardCharsets.UTF_8).length > MAX_CLIENT_ID_BYTES) {
            throw new Refusal(
                    ErrorType.INVALID_REQUEST,
                    "a client id has 1 to " + MAX_CLIENT_ID_BYTES + " bytes and no $ in front");
        }
        return clientId;
    }
}
