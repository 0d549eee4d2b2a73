package dev.roundtrip.mqtt;

/** What a transport below MQTT tells of itself, as a user event of the pipeline. */
public enum TransportEvent {
    /** The client closed it in good order, which counts as a DISCONNECT. */
    CLOSED_BY_CLIENT
}
