package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.ReservedTopicService.Requester;
import org.jspecify.annotations.Nullable;

/** Where requests to services come from.
 *
 * @param clientId of the publisher; empty for the data plane
 * @param requester takes the answers
 * @param share what may be in flight
 */
record RequestSource(String clientId, Principal principal, Requester requester, RequestLanes.Share share) {
    /** For whom nobody listens: the connection has ended, or there was none. */
    static final Requester NOBODY = answer -> {};

    /** The client id, as a {@link MessageListener} is told. */
    @Nullable String publisher() {
        return clientId.isEmpty() ? null : clientId;
    }
}
