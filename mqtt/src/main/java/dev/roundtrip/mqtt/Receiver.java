package dev.roundtrip.mqtt;

/** Whom a matching filter stands for. */
sealed interface Receiver permits Subscription, SharedGroup {
    /** What the room is for that a message takes which is delivered now. */
    Backlog.Claim claim();
}
