package dev.roundtrip.benchmarks.scaling;

import java.time.Duration;

/** What no price list tells.
 *
 * @param connectTime what a call takes beyond the device when it connects first, 0 or more
 * @param warmTime the same on a warm connection, 0 or more
 * @param callsPerConnection calls that one connection carries in its life, 1 or more
 * @param utilisation how busy environments are kept, above 0 to 1
 * @param requestBytes metered size of a command: topic, payload and MQTT 5 properties, 1 or more
 * @param answerBytes metered size of an answer, 1 or more
 * @param logBytes all lines of one call, the API's access log included, 0 or more
 */
record Assumptions(
        Duration connectTime,
        Duration warmTime,
        long callsPerConnection,
        double utilisation,
        long requestBytes,
        long answerBytes,
        long logBytes) {
    Assumptions {
        if (connectTime.isNegative() || warmTime.isNegative() || logBytes < 0) {
            throw new IllegalArgumentException("times and log bytes must not be negative");
        }
        if (callsPerConnection < 1 || requestBytes < 1 || answerBytes < 1) {
            throw new IllegalArgumentException("calls per connection and message bytes must be 1 or more");
        }
        if (!(utilisation > 0 && utilisation <= 1)) {
            throw new IllegalArgumentException("the utilisation must be above 0, and at most 1");
        }
    }
}
