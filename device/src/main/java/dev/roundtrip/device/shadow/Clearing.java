package dev.roundtrip.device.shadow;

/** What a report takes out of {@code desired}. */
enum Clearing {
    NOTHING,
    /** Each value that was applied. */
    APPLIED,
    /** Everything, once a value was applied. */
    EVERYTHING
}
