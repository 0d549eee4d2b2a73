package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.protocol.ClientPrefix;

/** How the answers' topics are subscribed. */
public enum Listening {
    /** One answer topic for each call: right where many processes share a prefix. */
    PER_CALL,
    /** One wildcard for the process: right where one process serves many calls. */
    SHARED;

    AckSubscription on(MqttChannel channel, ClientPrefix prefix) {
        return switch (this) {
            case PER_CALL -> new PerCall(channel, prefix);
            case SHARED -> new Wildcard(channel, prefix);
        };
    }
}
