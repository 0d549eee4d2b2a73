package dev.roundtrip.invoke.lambda;

/** How commands are delivered. */
public enum DeliveryMode {
    /** Published on the device's topic: cheap, quick, and silent about a device that is away. */
    PUBLISH,
    /** Sent to the device by name, which proves the delivery. */
    DIRECT
}
