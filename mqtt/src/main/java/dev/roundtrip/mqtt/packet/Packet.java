package dev.roundtrip.mqtt.packet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client may send, read and structurally sound; {@link Unreadable} when it is not. */
public sealed interface Packet {

    /** What only a client may send that is already connected. */
    sealed interface FromConnected extends Packet {}

    /** CONNECT. User name and password are read and passed over: certificates and signatures authenticate.
     *
     * @param clientId may be empty
     * @param keepAliveSeconds 0 to 65,535 as sent
     */
    record Connect(
            ProtocolVersion version,
            String clientId,
            boolean cleanStart,
            int keepAliveSeconds,
            Properties properties,
            @Nullable Will will)
            implements Packet {}

    /** What a client leaves to be said when its connection is lost. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Will(String topic, byte[] payload, Qos qos, boolean retain, Properties properties) {}

    /** PUBLISH.
     *
     * @param topic may be empty when the properties have a topic alias
     * @param packetId 1 to 65,535 for QoS 1; 0 for QoS 0
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Publish(String topic, byte[] payload, int packetId, boolean retain, Properties properties)
            implements FromConnected {
        public Qos qos() {
            return packetId == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE;
        }
    }

    /** PUBACK. Whatever its reason, the message is not sent again.
     *
     * @param reason one that a client may send; below 0x80 the client has taken the message, otherwise it has not
     */
    record PubAck(int packetId, int reason) implements FromConnected {
        public boolean isRefusal() {
            return reason >= 0x80;
        }
    }

    /** SUBSCRIBE. */
    record Subscribe(int packetId, Properties properties, List<Request> requests) implements FromConnected {
        /** One filter, with MQTT 5 options; MQTT 3.1.1 has the defaults.
         *
         * @param retainHandling 0 send retained, 1 only to a new subscription, 2 never
         */
        public record Request(String filter, Qos qos, boolean noLocal, boolean retainAsPublished, int retainHandling) {}
    }

    /** UNSUBSCRIBE. */
    record Unsubscribe(int packetId, List<String> filters) implements FromConnected {}

    /** PINGREQ. */
    record PingReq() implements FromConnected {}

    /** DISCONNECT.
     *
     * @param reason one that a client may send; 0 is normal
     */
    record Disconnect(int reason, Properties properties) implements FromConnected {}

    /** Not a packet: the connection must end with the reason.
     *
     * @param version as far as it is known
     */
    record Unreadable(
            ReasonCode reason, String problem, @Nullable ProtocolVersion version) implements Packet {}
}
