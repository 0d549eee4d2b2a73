package dev.roundtrip.mqtt;

import java.time.Duration;

/** How long a client may take that is not authenticated.
 *
 * @param handshake for the TLS handshake
 * @param connect from the accepted socket to a good CONNECT, handshake and upgrade included
 * @param sweep how often deadlines are looked at: keep-alive, session expiry and the others may be late by this
 */
public record Timeouts(Duration handshake, Duration connect, Duration sweep) {
    /** 5 s, 10 s, and 100 ms. */
    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(100));
}
