package dev.roundtrip.mqtt;

/** What is spoken on the port for gateways before MQTT: it finds out who the client is. */
@FunctionalInterface
public interface UpgradeProtocol {
    /** Lets nobody in. */
    UpgradeProtocol NONE = connection -> connection.channel().close().isDone();

    /** Adds the handlers of a connection whose TLS handshake has ended, at the pipeline's end. Called on the
     * connection's event loop.
     */
    void initialize(UnauthenticatedConnection connection);
}
