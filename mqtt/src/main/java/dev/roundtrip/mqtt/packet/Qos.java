package dev.roundtrip.mqtt.packet;

/** The qualities of service that AWS IoT Core knows; there is no exactly once. */
public enum Qos {
    /** QoS 0: sent once, never acknowledged. */
    AT_MOST_ONCE,
    /** QoS 1: kept until it is acknowledged. */
    AT_LEAST_ONCE;

    /** The weaker of the two: what a subscription of this quality gets from a message of the other. */
    public Qos min(Qos other) {
        return this == AT_LEAST_ONCE ? other : this;
    }
}
