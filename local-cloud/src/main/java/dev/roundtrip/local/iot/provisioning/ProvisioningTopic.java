package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.iot.document.DocumentFormat;
import java.util.ArrayList;
import java.util.List;

/** A topic to which devices publish requests. Immutable.
 *
 * <p>Source: AWS IoT developer guide, "Device provisioning MQTT API".
 *
 * @param text the topic
 * @param template as published, and not checked; empty where the request names none
 */
record ProvisioningTopic(String text, Kind kind, DocumentFormat format, String template) {
    private static final int THIRD = 2;

    /** What is asked for. */
    enum Kind {
        CREATE_KEYS("$aws/certificates/create/"),
        CREATE_FROM_REQUEST("$aws/certificates/create-from-csr/"),
        REGISTER("$aws/provisioning-templates/+/provision/");

        private final String beginning;

        Kind(String beginning) {
            this.beginning = beginning;
        }
    }

    /** The topics of all requests, as filters. */
    static List<String> all() {
        List<String> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (DocumentFormat format : DocumentFormat.values()) {
                all.add(kind.beginning + format.level());
            }
        }
        return all;
    }

    /** @param topic matches one of {@link #all} */
    static ProvisioningTopic of(String topic) {
        DocumentFormat format = topic.endsWith(DocumentFormat.CBOR.level()) ? DocumentFormat.CBOR : DocumentFormat.JSON;
        if (topic.startsWith(Kind.CREATE_KEYS.beginning)) {
            return new ProvisioningTopic(topic, Kind.CREATE_KEYS, format, "");
        }
        if (topic.startsWith(Kind.CREATE_FROM_REQUEST.beginning)) {
            return new ProvisioningTopic(topic, Kind.CREATE_FROM_REQUEST, format, "");
        }
        return new ProvisioningTopic(topic, Kind.REGISTER, format, topic.split("/", -1)[THIRD]);
    }

    String accepted() {
        return text + "/accepted";
    }

    String rejected() {
        return text + "/rejected";
    }
}
