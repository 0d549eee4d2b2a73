package dev.roundtrip.mqtt;

/** What became of a message to one client. */
public enum DirectOutcome {
    /** Written to the client's connection, as QoS 0 has it. */
    SENT,
    /** Acknowledged by the client. */
    CONFIRMED,
    /** Acknowledged by the client with a reason that says that it did not take the message. Perhaps it did something
     * with it.
     */
    REFUSED,
    /** The client is not connected, and has no session. It does not get the message. */
    NOT_CONNECTED,
    /** The client is not connected, and its session waits for it. It does not get the message. */
    AWAY,
    /** The client may not receive the topic. It does not get the message. */
    FORBIDDEN,
    /** The client has more messages than it may have. It does not get this one. */
    THROTTLED,
    /** The client does not take messages of this size. It does not get this one. */
    TOO_LARGE,
    /** No word from the client in time: perhaps it got the message. */
    UNCONFIRMED
}
