package dev.roundtrip.device.transport;

import dev.roundtrip.protocol.Topic;
import java.time.Duration;

/** Publishes at QoS 1. Thread-safe. */
@FunctionalInterface
public interface TopicPublisher {

    /** Returns when the broker has taken the message.
     *
     * @throws TransportException when the broker does not take it, or does not say so in time
     * @throws InterruptedException when the thread is interrupted; it may have been sent
     */
    void publish(Topic topic, byte[] payload, Duration atMost) throws TransportException, InterruptedException;
}
