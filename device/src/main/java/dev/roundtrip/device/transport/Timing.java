package dev.roundtrip.device.transport;

import java.time.Duration;

/** How patient a connection is. */
final class Timing {
    /** The shortest that AWS IoT Core takes; source: AWS IoT Core message broker limits, "Keep-alive interval". */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    /** For the answer to a ping; shorter than the keep-alive, as the runtime wants it. */
    static final Duration PING = Duration.ofSeconds(10);

    /** For a TCP connection, and again for the CONNACK. */
    static final Duration CONNECT = Duration.ofSeconds(10);

    /** The wait before the first attempt to connect again. */
    static final Duration MIN_RECONNECT = Duration.ofMillis(100);

    /** The wait before any later one. */
    static final Duration MAX_RECONNECT = Duration.ofSeconds(5);

    /** For an orderly end. */
    static final Duration STOP = Duration.ofSeconds(2);

    /** For the end of what never began. */
    static final Duration ABANDON = Duration.ofMillis(100);

    private Timing() {}
}
