package dev.roundtrip.invoke.mqtt;

/** How a command gets to its device. Thread-safe. */
public interface Delivery {

    /** Sends a command whose answer is listened for; returns when it is on its way, or will never be.
     *
     * @throws MqttException when it was not sent, and never will be
     */
    void deliver(OutgoingCommand dispatch) throws MqttException;

    /** Keeps no connection and no key; the next command makes them anew. */
    void disconnect();
}
