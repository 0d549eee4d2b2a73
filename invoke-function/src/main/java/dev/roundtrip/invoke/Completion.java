package dev.roundtrip.invoke;

/** When a call has ended for its caller. */
public enum Completion {
    /** When the device has answered. */
    ANSWERED,
    /** When the broker has the request; an answer is passed over. */
    HANDED_OVER
}
