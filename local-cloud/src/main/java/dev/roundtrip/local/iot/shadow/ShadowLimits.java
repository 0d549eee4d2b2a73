package dev.roundtrip.local.iot.shadow;

import dev.roundtrip.mqtt.BrokerLimits;

/** How much is asked of shadows at once.
 *
 * @param requestsPerSecond for each thing; 0 is no limit
 * @param inFlight for each thing and connection of MQTT, 1 or more
 */
public record ShadowLimits(int requestsPerSecond, int inFlight) {
    /** Source: AWS General Reference, "AWS IoT Device Shadow", 2026. */
    private static final int REQUESTS_PER_SECOND = 20;

    /** Source: as above. */
    private static final int IN_FLIGHT = 10;

    /** Checks the limits. */
    public ShadowLimits {
        if (requestsPerSecond < 0 || inFlight < 1) {
            throw new IllegalArgumentException("shadows of which nothing can be asked are of no use");
        }
    }

    /** Those that go with a broker's: without its rates the one for each second is left out too. */
    public static ShadowLimits with(BrokerLimits limits) {
        return new ShadowLimits(
                limits.rates().equals(BrokerLimits.Rates.UNLIMITED) ? 0 : REQUESTS_PER_SECOND, IN_FLIGHT);
    }
}
