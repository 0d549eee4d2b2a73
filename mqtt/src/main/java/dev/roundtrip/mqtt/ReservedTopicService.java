package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.util.List;

/** A service behind reserved topics, such as Device Shadow. What is published to its request topics is handed to the
 * service after policies, limits and rates have let it pass. It goes to no subscriber and is not retained: the flag
 * RETAIN has no effect, and needs the permission {@code iot:RetainPublish} all the same. Thread-safe.
 *
 * <p>Clients publish requests over MQTT, also as a last will, and over the HTTPS operation Publish. AWS's documentation
 * says nothing of the latter; the broker treats it like the others. To subscribers a service speaks with {@link
 * Broker#servicePublisher}. Who connected, left, subscribed is what a {@link LifecycleListener} is told.
 */
public interface ReservedTopicService {

    /** The topics of requests: below {@code $aws/}, with {@code +} for a level that may be anything, also empty. No two
     * services of a broker own the same topic. Topics on which only services speak, such as {@code …/accepted}, are
     * never requests, whatever stands here. Asked once.
     */
    List<String> requests();

    /** Of two requests with the same value the later one is handed over when the earlier one has returned: the name of
     * the thing, for most services. Called on an event loop: must not block.
     *
     * @param topic one of the service's
     */
    String orderOf(String topic);

    /** The same for a service whose requests of different clients need no order.
     *
     * @param clientId empty over HTTPS
     */
    default String orderOf(String topic, String clientId) {
        return orderOf(topic);
    }

    /** How many requests of one client and one order may be in flight, which wait for their turn or run; 1 or more.
     * What exceeds it is refused. Requests over HTTPS count together, as those of one client. Called on an event loop:
     * must not block.
     */
    default int maxInFlight() {
        return Integer.MAX_VALUE;
    }

    /** As how many publishes a request counts for the account's rate of inbound publishes, 1 or more. Called on an
     * event loop: must not block.
     *
     * @param topic one of the service's
     */
    default int publishesOf(String topic) {
        return 1;
    }

    /** Refuses a request beyond {@link #maxInFlight}, which the publisher was told is taken. Called as {@link #take}
     * is, and beside it: refusals of one order come one after the other.
     */
    default void refuse(Request request, Requester requester) {}

    /** Answers a request, which the publisher was told is taken. Called on a virtual thread, and may block it: the next
     * request of the same order waits. What is thrown is logged, and ends the request alone.
     */
    void take(Request request, Requester requester);

    /** Whether clients may subscribe to a filter, which need not concern this service. The connection of a client that
     * subscribes to another one ends, as on AWS. Called on an event loop: must not block.
     *
     * @param filter below {@code $aws/}, without {@code $share/<group>/}
     */
    default boolean maySubscribe(String filter) {
        return true;
    }

    /** A client has subscribed to a filter, which need not concern this service, or asks for it again.
     * Called on an event loop: must not block.
     *
     * @param filter as for {@link #maySubscribe}
     */
    default void subscribed(String filter) {}

    /** What was published.
     *
     * @param clientId of the publisher; empty for a request over HTTPS
     * @param principal of the publisher; of a request over HTTPS one without an id, of whom nothing is known
     * @param content topic, properties and payload
     */
    record Request(String clientId, Principal principal, Publication content, Qos qos) {}

    /** The publisher of a request. Thread-safe; never blocks. */
    interface Requester {
        /** Sends a message at QoS 1 to this client alone, whether it subscribes to the topic or not; it needs the
         * permission {@code iot:Receive}, as for every message. Does nothing once the connection of the request has
         * ended, and for a last will and a request over HTTPS, which have none. A client that does not take more
         * messages loses the answer.
         */
        void answer(Publication answer);
    }
}
