package dev.roundtrip.mqtt.packet;

/** MQTT 5 reason codes; source: MQTT 5.0, section 2.4, and AWS IoT's list of those that it sends. */
public enum ReasonCode {
    SUCCESS(0x00),
    GRANTED_QOS_1(0x01),
    DISCONNECT_WITH_WILL(0x04),
    NO_MATCHING_SUBSCRIBERS(0x10),
    UNSPECIFIED_ERROR(0x80),
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    UNSUPPORTED_PROTOCOL_VERSION(0x84),
    CLIENT_IDENTIFIER_NOT_VALID(0x85),
    NOT_AUTHORIZED(0x87),
    SERVER_SHUTTING_DOWN(0x8B),
    KEEP_ALIVE_TIMEOUT(0x8D),
    SESSION_TAKEN_OVER(0x8E),
    TOPIC_FILTER_INVALID(0x8F),
    TOPIC_NAME_INVALID(0x90),
    RECEIVE_MAXIMUM_EXCEEDED(0x93),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95),
    QUOTA_EXCEEDED(0x97),
    ADMINISTRATIVE_ACTION(0x98),
    QOS_NOT_SUPPORTED(0x9B),
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1);

    private final int value;

    ReasonCode(int value) {
        this.value = value;
    }

    /** The byte on the wire, 0 to 255. */
    public int value() {
        return value;
    }

    /** Tells whether it says that something failed: 0x80 and above. */
    public boolean isError() {
        return value >= 0x80;
    }
}
