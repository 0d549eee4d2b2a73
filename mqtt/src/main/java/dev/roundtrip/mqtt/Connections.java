package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Qos;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The clients of a broker, one by one. Thread-safe. */
public interface Connections {
    /** One subscription of a client.
     *
     * @param topicFilter as the client wrote it
     */
    record Subscribed(String topicFilter, Qos qos) {}

    /** What is known of a client; empty when it never was here, or is gone for half an hour. */
    Optional<ClientState> find(String clientId);

    /** The subscriptions of a client's session, ordered by filter; empty when it has none or is unknown. */
    List<Subscribed> subscriptions(String clientId);

    /** Ends a client's connection, which sends its will; the session stays when it is persistent.
     *
     * @param reason what lifecycle events will say, API_INITIATED_DISCONNECT or FORBIDDEN_ACCESS for example
     * @return false when it was not connected
     */
    boolean disconnect(String clientId, DisconnectReason reason);

    /** What a client that is disconnected over the API loses beside its connection. */
    enum Forgotten {
        /** Its persistent session, with subscriptions and waiting messages. */
        SESSION,
        /** Its will, which then is not sent. */
        WILL
    }

    /** Disconnects a client for {@link DisconnectReason#API_INITIATED_DISCONNECT}.
     *
     * @return false when it was not connected, and had no session to be forgotten
     */
    boolean delete(String clientId, Set<Forgotten> forgotten);

    /** Sends a message to a connected client, whatever it subscribes to; never queued, never retained.
     *
     * @return completed once, within the message's patience; never exceptionally
     */
    CompletionStage<DirectOutcome> send(String clientId, DirectMessage message);

    /** Breaks a client's connection without a word, as a network does that fails; the will is sent, the session stays
     * when it is persistent.
     *
     * @return false when it was not connected
     */
    boolean cut(String clientId);
}
