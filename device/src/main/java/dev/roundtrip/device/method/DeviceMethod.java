package dev.roundtrip.device.method;

import dev.roundtrip.protocol.JsonText;

/** One thing that a device can do. Implementations are thread-safe: calls overlap, each on its own virtual thread. */
@FunctionalInterface
public interface DeviceMethod {

    /** Does it; may block.
     *
     * @param request what the caller gave, as it was written, JSON null included
     * @param call its name, its deadline, and whether anybody still waits
     * @return the answer, never null; JSON null is a value
     * @throws MethodFailedException when it was tried and cannot be done
     * @throws RefusedException when nothing was done, and nothing will be done for this call
     * @throws InterruptedException when the device is being closed
     */
    JsonText run(JsonText request, Call call) throws MethodFailedException, RefusedException, InterruptedException;
}
