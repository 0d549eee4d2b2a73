package dev.roundtrip.device.method;

import org.jspecify.annotations.Nullable;

/** Serves calls of a method, with the request as a type of the author's. Thread-safe, unless its lane is serial: calls
 * overlap, each on its own virtual thread.
 *
 * <pre>{@code
 * Object open(Start start, Call call) throws RefusedException, MethodFailedException {
 *     if (pump.isLocked()) {
 *         throw new RefusedException("locked", "the pump is locked by hand");
 *     }
 *     if (pump.isStuck()) {
 *         throw new MethodFailedException("stuck", "the pump does not turn");
 *     }
 *     return pump.start(start.rpm());
 * }
 * }</pre>
 *
 * @param <T> what the request is read as
 */
@FunctionalInterface
public interface MethodHandler<T> {

    /** Does it; may block.
     *
     * @param request what the caller gave
     * @param call its name, its deadline, and whether anybody still waits
     * @return the response: what Jackson can write (bytes become base64), a {@code JsonNode}, a {@code JsonText}, or
     *     null for JSON null. A {@code DeviceError} says that the method failed; a {@code DeviceRefusal} says that
     *     nothing was done
     * @throws MethodFailedException when it was tried and cannot be done
     * @throws RefusedException when nothing was done, and nothing will be done for this call
     * @throws Exception any other is a defect: the caller is told the error {@code internal}, without its message
     */
    @Nullable Object handle(T request, Call call) throws Exception;
}
