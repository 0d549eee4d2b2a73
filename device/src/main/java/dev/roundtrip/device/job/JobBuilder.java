package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes which jobs a device carries out. Used by one thread. */
public final class JobBuilder {
    private final ObjectMapper mapper;
    private final Map<String, JobHandler> handlers = new HashMap<>();
    private JobRules rules = JobRules.DEFAULT;
    private @Nullable JobHandler other;

    /** @param mapper reads documents */
    public JobBuilder(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Carries out jobs whose document has this {@code operation}.
     *
     * @throws IllegalArgumentException when there is a handler already
     */
    public JobBuilder on(String operation, JobHandler handler) {
        if (handlers.putIfAbsent(operation, handler) != null) {
            throw new IllegalArgumentException("there are two handlers of the operation '" + operation + "'");
        }
        return this;
    }

    /** Carries out every other job. Without this, they are rejected. */
    public JobBuilder onOther(JobHandler handler) {
        other = handler;
        return this;
    }

    /** The device's own deadline of an execution, from its start. A document's {@code timeoutSeconds} counts before it.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public JobBuilder deadline(Duration deadline) {
        return rules(new JobRules(deadline, rules.stepMinutes(), rules.patience()));
    }

    /** Lets the service end an execution as TIMED_OUT when the device reports nothing for so long.
     *
     * @param minutes 1 to 10,080
     * @throws IllegalArgumentException when it is another number
     */
    public JobBuilder stepTimeout(int minutes) {
        return rules(new JobRules(rules.deadline(), minutes, rules.patience()));
    }

    /** All rules. */
    public JobBuilder rules(JobRules all) {
        rules = all;
        return this;
    }

    /** What was described. */
    public JobTable table() {
        return new JobTable(handlers, other, rules, mapper);
    }
}
