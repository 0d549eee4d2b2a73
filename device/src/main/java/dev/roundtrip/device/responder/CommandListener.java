package dev.roundtrip.device.responder;

/** Hears what happens at a device: the ledger of what really ran. Called on many threads, the network's among them:
 * must be
 * thread-safe, quick, and must not throw. */
@FunctionalInterface
public interface CommandListener {

    /** Takes note. */
    void on(CommandEvent event);

    /** Takes no note. */
    static CommandListener none() {
        return event -> {};
    }

    /** Tells both, this one first. */
    default CommandListener and(CommandListener other) {
        return event -> {
            on(event);
            other.on(event);
        };
    }
}
