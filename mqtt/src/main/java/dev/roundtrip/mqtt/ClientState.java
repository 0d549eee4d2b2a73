package dev.roundtrip.mqtt;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of a client: it is connected, or was within the last half hour. */
public sealed interface ClientState {
    /** The MQTT client id. */
    String clientId();

    /** Since when it is so. */
    Instant since();

    /** A client that is connected.
     *
     * @param thingName null when no thing belongs to its principal exclusively
     * @param cleanSession whether it asked for a session without a past
     * @param source where it connects from
     * @param target where it connects to
     * @param keepAlive as the client asked for it; the broker may apply another
     * @param sessionExpiry how long its session outlives its connection, zero for not at all
     */
    record Connected(
            String clientId,
            Instant since,
            @Nullable String thingName,
            InetSocketAddress source,
            InetSocketAddress target,
            boolean cleanSession,
            Duration keepAlive,
            Duration sessionExpiry)
            implements ClientState {}

    /** A client that was connected.
     *
     * @param last its last connection
     */
    record Disconnected(String clientId, Instant since, DisconnectReason reason, Connected last)
            implements ClientState {}
}
