package dev.roundtrip.local.journal;

/** Takes steps. Called on event loops and under locks: does not block, and does not throw. */
@FunctionalInterface
public interface Recorder {
    /** Keeps nothing. */
    Recorder NONE = entry -> {};

    /** Takes an entry, which the caller must not use after that. */
    void record(Entry entry);
}
