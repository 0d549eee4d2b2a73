package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import java.time.Duration;

/** How a service behind reserved topics tells those who subscribe: also below {@code $aws/}, where clients cannot
 * publish. Thread-safe; never blocks. Good for as long as its broker, over a restart too: before the broker starts, and
 * while it is away, nobody subscribes.
 */
public interface ServicePublisher {
    /** Whether anybody subscribes to a topic. A service need not write what nobody gets; somebody may subscribe in the
     * next moment.
     */
    boolean hasReceivers(String topic);

    /** Publishes at QoS 1, not retained, to each client that subscribes and may receive the topic. Counts against no
     * rate of publishers; against those of the account's and of each receiver's deliveries it does. What there is no
     * room for is lost, and told to the {@link MessageListener}.
     */
    void publish(Publication content);

    /** The same, for as long as the message is of use: a session that is away gets it within this time or not at all.
     *
     * @param expiry what clients of MQTT 5 read as the message expiry interval; whole seconds, 1 or more
     */
    void publish(Publication content, Duration expiry);
}
