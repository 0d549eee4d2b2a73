package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.PageToken;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.mqtt.Messages;
import dev.roundtrip.mqtt.Messages.Retained;
import dev.roundtrip.mqtt.packet.Publication.UserProperty;
import dev.roundtrip.mqtt.packet.Qos;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** GetRetainedMessage and ListRetainedMessages. Thread-safe. */
final class RetainedRecords {
    /** AWS's model gives no default; our choice is that of ListSubscriptions. */
    private static final int DEFAULT_RESULTS = 20;

    private static final int MAX_RESULTS = 200;

    private final Messages broker;

    RetainedRecords(Messages broker) {
        this.broker = broker;
    }

    HttpReply get(OperationRequest request) throws Refusal {
        Retained retained = broker.retained(request.label("topic"))
                .orElseThrow(() -> new Refusal(ErrorType.RESOURCE_NOT_FOUND, "no message is retained for this topic"));
        ObjectNode record = describe(retained, RestJson.MAPPER.createObjectNode());
        record.put("payload", retained.content().payload());
        List<UserProperty> properties = retained.content().userProperties();
        if (!properties.isEmpty()) {
            ArrayNode array = RestJson.MAPPER.createArrayNode();
            properties.forEach(property -> array.addObject().put(property.name(), property.value()));
            record.put("userProperties", array.toString().getBytes(StandardCharsets.UTF_8));
        }
        return RestJson.ok(record);
    }

    HttpReply list(OperationRequest request) throws Refusal {
        int results = request.query().number("maxResults", DEFAULT_RESULTS, 1, MAX_RESULTS);
        String after = PageToken.name(request.query().text("nextToken"));
        List<Retained> found = broker.retainedAfter(after, results + 1);
        ObjectNode page = RestJson.MAPPER.createObjectNode();
        ArrayNode topics = page.putArray("retainedTopics");
        found.stream()
                .limit(results)
                .forEach(retained -> describe(retained, topics.addObject())
                        .put("payloadSize", retained.content().payload().length));
        if (found.size() > results) {
            page.put(
                    "nextToken",
                    PageToken.after(found.get(results - 1).content().topic()));
        }
        return RestJson.ok(page);
    }

    private static ObjectNode describe(Retained retained, ObjectNode record) {
        return record.put("topic", retained.content().topic())
                .put("qos", retained.qos() == Qos.AT_LEAST_ONCE ? 1 : 0)
                .put("lastModifiedTime", retained.since().toEpochMilli());
    }
}
