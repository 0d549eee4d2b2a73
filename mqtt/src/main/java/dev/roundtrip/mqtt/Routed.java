package dev.roundtrip.mqtt;

/** What became of a message that was to be routed. */
enum Routed {
    /** Somebody has it, or it waits for somebody; or those who subscribed may not, or do not want to, get it. */
    TAKEN,
    /** Nobody subscribed to its topic. */
    UNHEARD,
    /** There is no room to retain it: nobody got it. */
    NOT_KEPT,
    /** The broker holds as much as it may: nobody got it. */
    NO_ROOM
}
