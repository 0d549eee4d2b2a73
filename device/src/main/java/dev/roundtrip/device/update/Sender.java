package dev.roundtrip.device.update;

/** Sends a state, and waits for the answer.
 *
 * @param <S> a state, whole
 */
@FunctionalInterface
public interface Sender<S> {
    /** @throws InterruptedException when the device is being closed */
    Verdict send(S state) throws InterruptedException;
}
