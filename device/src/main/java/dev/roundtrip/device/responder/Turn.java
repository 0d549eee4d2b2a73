package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;

/** What a {@link Reaction} can do about one delivery of a command. Used by one thread. */
public interface Turn {

    /** The device's idea of time. */
    DeviceClock clock();

    /** Waits for the command's turn in its lane, and runs the method, once for each call and each key: a repetition
     * recalls the outcome instead. Past the deadline, or out of sequence, nothing runs and the command is refused.
     *
     * @throws InterruptedException when the device is being closed
     */
    void run(DeviceMethod method) throws InterruptedException;

    /** Fails without running anything. The first outcome of a call stays, as with {@link #run}.
     *
     * @param error what the caller is told
     */
    void fail(DeviceError error);

    /** Refuses without running anything. The first outcome of a call stays, as with {@link #run}.
     *
     * @param refusal what the caller is told
     */
    void refuse(DeviceRefusal refusal);

    /** Publishes the outcome or the refusal; does nothing when there is none.
     *
     * @throws TransportException when the broker did not take it
     * @throws InterruptedException when the device is being closed
     */
    void answer() throws TransportException, InterruptedException;

    /** Publishes other bytes where the answer belongs.
     *
     * @param word what the listener is told instead of an outcome
     * @throws TransportException when the broker did not take them
     * @throws InterruptedException when the device is being closed
     */
    void publish(byte[] payload, String word) throws TransportException, InterruptedException;
}
