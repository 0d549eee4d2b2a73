package dev.roundtrip.benchmarks.scaling;

import java.util.EnumMap;
import java.util.Map;

/** What a million calls cost, item by item, in USD.
 *
 * @param items every item, 0 where it is not used
 */
record Bill(Map<Item, Double> items) {
    enum Item {
        API("API Gateway requests"),
        FUNCTION_REQUESTS("Lambda requests"),
        COMPUTE("Lambda GB-s, or instances"),
        CONNECTIVITY("IoT connection minutes"),
        CONNECT("IoT CONNECT"),
        SUBSCRIBE("IoT SUBSCRIBE"),
        PUBLISHES("IoT messages in"),
        DIRECT("IoT data plane (HTTP)"),
        DELIVERIES("IoT messages out"),
        ACKNOWLEDGEMENTS("IoT PUBACK of clients"),
        RULES("IoT rules"),
        LOGS("CloudWatch Logs");

        final String title;

        Item(String title) {
            this.title = title;
        }
    }

    Bill {
        items = new EnumMap<>(items);
    }

    double usd(Item item) {
        return items.getOrDefault(item, 0.0);
    }

    double total() {
        return items.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
