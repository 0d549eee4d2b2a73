package dev.roundtrip.device;

/** Hears what happens to connections. Called on many threads: must be thread-safe, quick, and must not throw. */
@FunctionalInterface
public interface ConnectionListener {

    /** Takes note. */
    void on(ConnectionEvent event);
}
