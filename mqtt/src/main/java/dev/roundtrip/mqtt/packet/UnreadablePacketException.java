package dev.roundtrip.mqtt.packet;

/** Thrown while a packet is read when it cannot be taken; its connection must end with the reason. */
final class UnreadablePacketException extends Exception {
    private final ReasonCode reason;

    UnreadablePacketException(ReasonCode reason, String problem) {
        super(problem, null, false, false);
        this.reason = reason;
    }

    static UnreadablePacketException malformed(String problem) {
        return new UnreadablePacketException(ReasonCode.MALFORMED_PACKET, problem);
    }

    static UnreadablePacketException protocolError(String problem) {
        return new UnreadablePacketException(ReasonCode.PROTOCOL_ERROR, problem);
    }

    ReasonCode reason() {
        return reason;
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
