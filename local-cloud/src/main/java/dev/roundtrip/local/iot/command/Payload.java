package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.document.DocumentFormat;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.PropertyWriter;
import dev.roundtrip.mqtt.packet.Publication;
import java.nio.charset.StandardCharsets;

/** What a device is sent. Immutable by convention.
 *
 * @param contentType such as {@code application/json}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Payload(byte[] content, String contentType) {
    /** Of a payload whose author names none. Source: AWS IoT developer guide, "Create and manage commands". */
    static final String UNKNOWN_TYPE = "application/octet-stream";

    /** Source: AWS IoT Device Management quotas, "Maximum payload size". */
    static final int MAX_BYTES = 32 * 1024;

    static Refusal tooLong() {
        return Refusal.invalid("with these parameters the payload has more than " + MAX_BYTES + " bytes");
    }

    /** The message that brings it to a device; the level at its end says the format that devices are told of. */
    Publication request(ExecutionKey execution) {
        String topic = execution.topic() + "/request"
                + DocumentFormat.ofContentType(contentType)
                        .map(format -> '/' + format.level())
                        .orElse("");
        byte[] properties =
                new PropertyWriter().text(PropertyId.CONTENT_TYPE, contentType).toBytes();
        return new Publication(topic, topic.getBytes(StandardCharsets.UTF_8), properties, content);
    }
}
