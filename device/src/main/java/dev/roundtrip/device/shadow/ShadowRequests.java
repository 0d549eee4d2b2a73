package dev.roundtrip.device.shadow;

import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;

/** Publishes requests to the service of one shadow. Thread-safe.
 *
 * @param prefix what the shadow's topics begin with
 */
record ShadowRequests(String prefix, TopicPublisher publisher) {

    /** Returns when the broker has taken the request.
     *
     * @param verb the last level of the topic
     * @throws TransportException when the broker does not take it
     * @throws InterruptedException when the thread is interrupted; it may have been sent
     */
    void publish(String verb, byte[] payload, Duration atMost) throws TransportException, InterruptedException {
        publisher.publish(new Topic(prefix + verb), payload, atMost);
    }
}
