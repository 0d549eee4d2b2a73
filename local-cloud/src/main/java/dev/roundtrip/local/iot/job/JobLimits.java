package dev.roundtrip.local.iot.job;

import dev.roundtrip.mqtt.BrokerLimits;

/** How much is asked of jobs in a second, and how late their timers end. Rates are for the account; 0 is no limit.
 *
 * <p>Source: AWS General Reference, "AWS IoT Device Management jobs API action limits", 2026.
 *
 * @param operations requests for each operation of the control plane
 * @param reads requests of things that read executions, over MQTT and HTTP together
 * @param writes requests of things that change executions, over MQTT and HTTP together
 */
public record JobLimits(TimerLateness lateness, int operations, int reads, int writes) {
    /** Nothing is limited, and timers are exact. */
    public static final JobLimits NONE = new JobLimits(TimerLateness.NONE, 0, 0, 0);

    /** As AWS has them. */
    public static final JobLimits AWS = new JobLimits(TimerLateness.AWS, 10, 200, 200);

    /** Those that go with a broker's limits. */
    public static JobLimits with(BrokerLimits limits) {
        return limits.rates().equals(BrokerLimits.Rates.UNLIMITED) ? NONE : AWS;
    }
}
