package dev.roundtrip.mqtt.packet;

import java.util.Set;

/** The reason codes that one kind of packet may have; a client may send only some of them.
 *
 * @param ofClients codes that a client may send
 * @param ofServers codes that only a server may send
 */
record ClientReasons(String packet, Set<Integer> ofClients, Set<Integer> ofServers) {
    /** Source: MQTT 5.0, table 3-4. Only a server says that nobody subscribed. */
    static final ClientReasons PUBACK =
            new ClientReasons("PUBACK", Set.of(0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99), Set.of(0x10));

    /** Source: MQTT 5.0, table 3-10. */
    static final ClientReasons DISCONNECT = new ClientReasons(
            "DISCONNECT",
            Set.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99),
            Set.of(0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2));

    /** Returns the reason if a client may send it.
     *
     * @param reason 0 to 255
     * @throws UnreadablePacketException when the code is reserved (malformed), or only a server may send it (protocol
     *     error)
     */
    int check(int reason) throws UnreadablePacketException {
        if (ofServers.contains(reason)) {
            throw UnreadablePacketException.protocolError("only a server sends this reason code in " + packet);
        }
        if (!ofClients.contains(reason)) {
            throw UnreadablePacketException.malformed("the reason code of " + packet + " is reserved");
        }
        return reason;
    }
}
