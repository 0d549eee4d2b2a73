package dev.roundtrip.device.job;

import dev.roundtrip.device.update.Patience;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a device carries jobs out.
 *
 * @param deadline the device's own deadline of an execution, from its start by the service's clock; null when there is
 *     none. A document's {@code timeoutSeconds} counts before it
 * @param stepMinutes the step timer, which each report re-arms; the service ends an execution as TIMED_OUT when it runs
 *     out; null when there is none
 * @param patience how long the service is waited for
 */
public record JobRules(
        @Nullable Duration deadline, @Nullable Integer stepMinutes, Patience patience) {
    /** No timers. */
    public static final JobRules DEFAULT = new JobRules(null, null, Patience.DEFAULT);

    /** Source: AWS IoT Jobs, {@code stepTimeoutInMinutes}. */
    private static final int MAX_STEP_MINUTES = 10_080;

    /** @throws IllegalArgumentException when a time is not positive, or a step longer than 7 days */
    public JobRules {
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("a deadline must be positive");
        }
        if (stepMinutes != null && (stepMinutes < 1 || stepMinutes > MAX_STEP_MINUTES)) {
            throw new IllegalArgumentException("a step has 1 to " + MAX_STEP_MINUTES + " minutes");
        }
    }
}
