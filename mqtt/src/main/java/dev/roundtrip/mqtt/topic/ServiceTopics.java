package dev.roundtrip.mqtt.topic;

import java.util.List;
import java.util.regex.Pattern;

/** The topics on which only services of AWS IoT speak: a client that publishes there would be believed as if it were
 * the service.
 *
 * <p>Source: AWS IoT developer guide, "Reserved topics": the topics that a client may subscribe or receive, and not
 * publish. The templates are topic filters. Requests to services are not here: clients publish them.
 */
public final class ServiceTopics {
    private static final List<String> TEMPLATES = List.of(
            // "Device Shadow service": classic and named shadows.
            "$aws/things/+/shadow/+/accepted",
            "$aws/things/+/shadow/+/rejected",
            "$aws/things/+/shadow/update/delta",
            "$aws/things/+/shadow/update/documents",
            "$aws/things/+/shadow/name/+/+/accepted",
            "$aws/things/+/shadow/name/+/+/rejected",
            "$aws/things/+/shadow/name/+/update/delta",
            "$aws/things/+/shadow/name/+/update/documents",
            // "AWS IoT Jobs": get, start-next, one job's get and update, and what the service notifies.
            "$aws/things/+/jobs/+/accepted",
            "$aws/things/+/jobs/+/rejected",
            "$aws/things/+/jobs/+/+/accepted",
            "$aws/things/+/jobs/+/+/rejected",
            "$aws/things/+/jobs/notify",
            "$aws/things/+/jobs/notify-next",
            // "AWS IoT Device Management commands": requests come from the service, for things and clients, of any
            // format.
            "$aws/commands/+/+/executions/+/request",
            "$aws/commands/+/+/executions/+/request/+",
            "$aws/commands/+/+/executions/+/response/accepted",
            "$aws/commands/+/+/executions/+/response/accepted/+",
            "$aws/commands/+/+/executions/+/response/rejected",
            "$aws/commands/+/+/executions/+/response/rejected/+",
            // "Fleet provisioning": certificates and things, of either format.
            "$aws/certificates/+/+/accepted",
            "$aws/certificates/+/+/rejected",
            "$aws/provisioning-templates/+/provision/+/accepted",
            "$aws/provisioning-templates/+/provision/+/rejected",
            // "AWS IoT Device Defender" and "AWS IoT Core Device Location".
            "$aws/things/+/defender/metrics/+/accepted",
            "$aws/things/+/defender/metrics/+/rejected",
            "$aws/device_location/+/get_position_estimate/accepted",
            "$aws/device_location/+/get_position_estimate/rejected",
            // "AWS IoT Secure Tunneling": it brings an access token.
            "$aws/things/+/tunnels/notify",
            // "MQTT-based file delivery".
            "$aws/things/+/streams/+/data/+",
            "$aws/things/+/streams/+/description/+",
            "$aws/things/+/streams/+/rejected/+");

    private static final SubscriptionTree<String> TREE = tree();

    private ServiceTopics() {}

    private static SubscriptionTree<String> tree() {
        SubscriptionTree<String> tree = new SubscriptionTree<>();
        TEMPLATES.forEach(template -> tree.add(TopicFilter.parse(template).orElseThrow(), template));
        return tree;
    }

    /** "AWS IoT Jobs" of a namespace, such as {@code $aws/things/x/jobs/notify-namespace-greengrass}: part of a level,
     * which no template can say.
     */
    private static final Pattern JOBS_OF_A_NAMESPACE =
            Pattern.compile("\\$aws/things/[^/]+/jobs/notify-namespace-[^/]*");

    /** Tells whether only a service publishes there. */
    public static boolean contains(String topic) {
        return topic.startsWith("$aws/")
                && (!TREE.match(topic).isEmpty()
                        || JOBS_OF_A_NAMESPACE.matcher(topic).matches());
    }
}
