package dev.roundtrip.device;

import dev.roundtrip.protocol.Target;

/** Something that happened to a device's connection. */
public sealed interface ConnectionEvent {

    /** Who it happened to. */
    Target device();

    /** Connected and subscribed: commands reach it from now on. Told again after each lost connection. */
    record Ready(Target device) implements ConnectionEvent {}

    /** A connection that was ready is gone; another one is being made.
     *
     * @param reason why, one sentence
     */
    record Lost(Target device, String reason) implements ConnectionEvent {}

    /** The broker refuses the connection or the subscription.
     *
     * @param reason why and what to do, one sentence
     */
    record Refused(Target device, String reason) implements ConnectionEvent {}
}
