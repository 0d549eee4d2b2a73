package dev.roundtrip.mqtt;

/** Why a connection ended, as lifecycle events name it; source: AWS IoT developer guide, "Connect/Disconnect events".
 */
public enum DisconnectReason {
    /** A certificate or policy no longer lets the client do what it did. */
    AUTH_ERROR,
    /** MQTT DISCONNECT or a WebSocket Close frame: the only reason for which the will is not sent. */
    CLIENT_INITIATED_DISCONNECT,
    /** The client broke the protocol or a limit. */
    CLIENT_ERROR,
    /** The connection broke. */
    CONNECTION_LOST,
    /** Another client connected with the same client id. */
    DUPLICATE_CLIENTID,
    /** The client may no longer be connected. */
    FORBIDDEN_ACCESS,
    /** Nothing came for one and a half times the keep-alive. */
    MQTT_KEEP_ALIVE_TIMEOUT,
    /** A defect of the broker. */
    SERVER_ERROR,
    /** The broker stops. */
    SERVER_INITIATED_DISCONNECT,
    /** Somebody asked for it over the API. */
    API_INITIATED_DISCONNECT,
    /** A rate was exceeded, or the client does not read while the broker holds as much as it may. */
    THROTTLED,
    /** The WebSocket is too old. */
    WEBSOCKET_TTL_EXPIRATION
}
