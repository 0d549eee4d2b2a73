package dev.roundtrip.mqtt;

/** What became of a message that was to be routed. */
enum Routed {
    /** Somebody has it, or it waits for somebody; or those who subscribed may not, or do not want to, get it. */
    TAKEN,
    /** Nobody subscribed to its topic. */
    UNHEARD,
    /** The broker holds as much as it may: nobody got it. */
    NO_ROOM
}
