package dev.roundtrip.mqtt;

/** Holds the injector that meets the next message. Thread-safe. */
final class InjectorSwitch {
    private volatile FaultInjector current = FaultInjector.NONE;

    /** The injector of this moment. Read it once for each message: one injector meets all copies of a message. */
    FaultInjector current() {
        return current;
    }

    void set(FaultInjector injector) {
        current = injector;
    }
}
