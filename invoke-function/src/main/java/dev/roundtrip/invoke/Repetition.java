package dev.roundtrip.invoke;

/** Whether a command may be sent once more, without the caller's word. */
public enum Repetition {
    /** Nobody promises that the device runs it once. */
    UNSAFE,
    /** It has a key, so the device runs it once however often it comes. */
    SAFE
}
