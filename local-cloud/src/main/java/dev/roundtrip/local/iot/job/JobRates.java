package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.time.RequestRate;
import dev.roundtrip.local.time.ServiceClock;

/** Refuses what exceeds the rates of jobs. Thread-safe. */
final class JobRates {
    private static final String TOO_MANY = "Rate exceeded";

    private final ServiceClock clock;
    private final RequestRate operations;
    private final RequestRate reads;
    private final RequestRate writes;

    JobRates(ServiceClock clock, JobLimits limits) {
        this.clock = clock;
        this.operations = new RequestRate(limits.operations());
        this.reads = new RequestRate(limits.reads());
        this.writes = new RequestRate(limits.writes());
    }

    /** The same operation of the control plane, as often as it may be asked for. */
    Operation limited(Operation operation) {
        return operation.handling(handler -> request -> {
            if (!operations.admits(operation.name(), second())) {
                throw new Refusal(ErrorType.THROTTLING_OF_CONTROL_PLANE, TOO_MANY);
            }
            return handler.answer(request);
        });
    }

    /** Counts a thing's request that reads. */
    void read() throws JobRefusal {
        demand(reads);
    }

    /** Counts a thing's request that changes. */
    void write() throws JobRefusal {
        demand(writes);
    }

    private void demand(RequestRate rate) throws JobRefusal {
        if (!rate.admits("", second())) {
            throw new JobRefusal(Rejection.REQUEST_THROTTLED, TOO_MANY);
        }
    }

    private long second() {
        return Math.floorDiv(clock.millis(), 1000);
    }
}
