package dev.roundtrip.mqtt;

/** Names that clients of AWS IoT Core send in the TLS extension ALPN (RFC 7301), where one port has several protocols.
 *
 * <p>Source: AWS IoT Core developer guide, "Device communication protocols".
 */
final class AlpnName {
    /** MQTT with a client certificate. */
    static final String MQTT = "x-amzn-mqtt-ca";

    /** HTTPS with a client certificate. */
    static final String HTTPS = "x-amzn-http-ca";

    /** HTTPS, and MQTT over WebSocket. */
    static final String SIGNED = "http/1.1";

    private AlpnName() {}
}
