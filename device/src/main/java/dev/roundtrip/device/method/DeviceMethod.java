package dev.roundtrip.device.method;

import dev.roundtrip.protocol.JsonText;
import java.time.Instant;

/** One thing that a device can do. Implementations are thread-safe: calls overlap, each on its own virtual thread. */
@FunctionalInterface
public interface DeviceMethod {

    /** Does it; may block.
     *
     * @param request what the caller gave, as it was written, JSON null included
     * @param deadline after this instant, by the device's clock, nobody waits
     * @return the answer, never null; JSON null is a value
     * @throws MethodFailedException when the request makes no sense, or it cannot be done
     * @throws InterruptedException when the device is being closed
     */
    JsonText run(JsonText request, Instant deadline) throws MethodFailedException, InterruptedException;
}
