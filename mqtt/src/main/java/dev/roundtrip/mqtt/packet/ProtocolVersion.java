package dev.roundtrip.mqtt.packet;

/** The versions of MQTT that AWS IoT Core speaks. */
public enum ProtocolVersion {
    /** MQTT 3.1.1. */
    MQTT_3_1_1,
    /** MQTT 5.0. */
    MQTT_5
}
