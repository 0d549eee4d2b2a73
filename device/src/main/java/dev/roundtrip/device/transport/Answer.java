package dev.roundtrip.device.transport;

import dev.roundtrip.protocol.Topic;
import java.time.Duration;

/** A message to the gateway.
 *
 * @param topic the answer topic of its call
 * @param payload its bytes; not copied, nobody may change them
 * @param correlation the request's correlation data, to be echoed; empty when there was none
 * @param expiry for how long anybody waits for it; brokers count whole seconds, so it is rounded up, to one at least
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Answer(Topic topic, byte[] payload, byte[] correlation, Duration expiry) {

    /** The message expiry interval: whole seconds, 1 or more. */
    public long expirySeconds() {
        return Math.max(1, Math.ceilDiv(expiry.toMillis(), 1000));
    }
}
