package dev.roundtrip.local.faults;

import java.time.Duration;

/** The broker stops and starts again, without a memory of what was before.
 *
 * @param every how long it runs in between, more than zero
 * @param away how long nobody listens then
 */
record Restarts(Duration every, Duration away) {}
