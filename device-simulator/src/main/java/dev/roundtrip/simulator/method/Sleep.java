package dev.roundtrip.simulator.method;

import dev.roundtrip.device.method.Call;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.protocol.JsonText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** Waits for the requested milliseconds, but not beyond the deadline, and answers with the request. */
record Sleep(DeviceClock clock) implements DeviceMethod {

    @Override
    public JsonText run(JsonText request, Call call) throws MethodFailedException, InterruptedException {
        BigDecimal millis = Arguments.number(request, "milliseconds");
        if (millis.signum() < 0 || millis.stripTrailingZeros().scale() > 0) {
            throw new MethodFailedException(Arguments.INVALID, "request must be whole milliseconds, 0 or more");
        }
        Instant now = clock.now();
        Instant deadline = call.deadline();
        long left = Math.max(0, Duration.between(now, deadline).toMillis());
        if (millis.compareTo(BigDecimal.valueOf(left)) > 0) {
            clock.sleepUntil(deadline);
            throw new MethodFailedException("deadline", "the deadline came before the end of the sleep");
        }
        clock.sleepUntil(now.plusMillis(millis.longValueExact()));
        return request;
    }
}
