package dev.roundtrip.device.responder;

import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.TransportException;

/** Where answers go. Thread-safe; blocks until the broker has taken the answer. */
@FunctionalInterface
public interface AnswerPublisher {

    /** Publishes, again after a lost connection as long as the answer has not expired.
     *
     * @throws TransportException when the broker did not take it
     * @throws InterruptedException when the device is being closed
     */
    void publish(Answer answer) throws TransportException, InterruptedException;
}
