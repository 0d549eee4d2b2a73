package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.util.List;

/** A service behind reserved topics, such as Device Shadow. What clients publish to its request topics is handed to the
 * service after policies and rates have let it pass, and goes to no subscriber. Thread-safe.
 */
public interface ReservedTopicService {

    /** The topics of requests: below {@code $aws/}, with {@code +} for a level that may be anything. No two services of
     * a broker own the same topic.
     */
    List<String> requests();

    /** Of two requests with the same value the later one is handed over when the earlier one has returned: the name of
     * the thing, for most services.
     *
     * @param topic one of the service's
     */
    String orderOf(String topic);

    /** Answers a request. Called on a virtual thread, and may block it. What is thrown is logged, and ends the request
     * alone.
     */
    void take(Request request, Requester requester);

    /** What a client published.
     *
     * @param clientId of the publisher
     * @param principal of the publisher
     * @param content topic, properties and payload
     */
    record Request(String clientId, Principal principal, Publication content, Qos qos) {}

    /** The publisher of a request. Thread-safe; never blocks. */
    interface Requester {
        /** Sends a message at QoS 1 to this client alone, whether it subscribes to the topic or not. Does nothing once
         * the connection of the request has ended.
         */
        void answer(Publication answer);
    }
}
