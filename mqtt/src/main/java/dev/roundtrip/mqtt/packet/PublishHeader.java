package dev.roundtrip.mqtt.packet;

/** What differs between two deliveries of one {@link Publication}.
 *
 * @param packetId 1 to 65,535 for QoS 1; 0 for QoS 0
 * @param duplicate it may have been received before
 * @param retain it was kept by the broker, or the subscriber asked to be told as it was published
 * @param expirySeconds what remains of its life, or {@link Properties#ABSENT}; not sent to MQTT 3.1.1
 */
public record PublishHeader(int packetId, boolean duplicate, boolean retain, long expirySeconds) {}
