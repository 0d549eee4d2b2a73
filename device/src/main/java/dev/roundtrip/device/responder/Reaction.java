package dev.roundtrip.device.responder;

import dev.roundtrip.device.transport.TransportException;

/** What a device does about one delivery of a command, on a thread of the delivery's own. */
@FunctionalInterface
public interface Reaction {

    /** Does it; may block.
     *
     * @throws TransportException when the broker did not take an answer
     * @throws InterruptedException when the device is being closed
     */
    void carryOut(Turn turn) throws TransportException, InterruptedException;
}
