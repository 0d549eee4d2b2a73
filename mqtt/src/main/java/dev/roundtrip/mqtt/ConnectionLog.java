package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Is told of what a log says about clients. Called on event loops and under the broker's locks: must not block, and
 * must not throw.
 *
 * <p>Nothing that it is told has a payload or a secret in it. A client id, a topic and a topic filter are what a client
 * sent.
 */
public interface ConnectionLog {
    /** Keeps no log. */
    ConnectionLog NONE = new ConnectionLog() {
        @Override
        public void connected(Peer peer, ProtocolVersion version) {}

        @Override
        public void connectRefused(Peer peer, Refusal refusal) {}

        @Override
        public void disconnected(Peer peer, DisconnectReason reason, ReasonCode code, Duration connected) {}

        @Override
        public void packetRefused(Peer peer, Refusal refusal) {}
    };

    /** The other end of a connection.
     *
     * @param clientId null while the client has not sent one that can be read; may be empty
     * @param principal null when the client is nobody that the broker knows
     * @param source null when the socket is closed already
     */
    record Peer(
            @Nullable String clientId,
            @Nullable Principal principal,
            @Nullable InetSocketAddress source) {}

    /** Why something was refused.
     *
     * @param code the reason, as MQTT 5 has it
     * @param answer the packet that says so to the client, with its code, for example {@code CONNACK 0x87};
     *     {@code none} when the connection just ends
     * @param problem a sentence
     * @param attempt null when the refusal does not concern one action
     */
    record Refusal(
            ReasonCode code,
            String answer,
            String problem,
            @Nullable Attempt attempt) {
        static final String NO_ANSWER = "none";
    }

    /** What a client tried to do.
     *
     * @param resource a client id, topic or topic filter
     * @param statement which statement of a policy denies it, or that none allows it; null when policies do not matter
     */
    record Attempt(Action action, String resource, @Nullable String statement) {}

    /** A client is connected. */
    void connected(Peer peer, ProtocolVersion version);

    /** A client was not connected. */
    void connectRefused(Peer peer, Refusal refusal);

    /** A client that was connected is not any more.
     *
     * @param code what a client of MQTT 5 is told; {@link ReasonCode#SUCCESS} when it is told nothing
     * @param connected since its connection was opened
     */
    void disconnected(Peer peer, DisconnectReason reason, ReasonCode code, Duration connected);

    /** A PUBLISH was refused, or one topic filter of a SUBSCRIBE.
     *
     * @param refusal has an attempt
     */
    void packetRefused(Peer peer, Refusal refusal);
}
