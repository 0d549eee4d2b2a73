package dev.roundtrip.local.http;

import java.time.Duration;

/** How long HTTP connections may take.
 *
 * @param request from a request's first byte to its last
 * @param idle without a byte while no request is answered; zero is for ever
 * @param drain how long requests may go on once no more are taken
 */
public record ConnectionTimes(Duration request, Duration idle, Duration drain) {}
