package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.DeviceError;

/** What a {@link Reaction} can do about one delivery of a command. Used by one thread. */
public interface Turn {

    /** The device's idea of time. */
    DeviceClock clock();

    /** Runs the method, once for each call: a repetition recalls the first outcome instead. Nothing runs past the
     * deadline.
     *
     * @throws InterruptedException when the device is being closed
     */
    void run(DeviceMethod method) throws InterruptedException;

    /** Fails without running anything. The first outcome of a call stays, as with {@link #run}.
     *
     * @param error what the caller is told
     */
    void fail(DeviceError error);

    /** Publishes the outcome; does nothing when there is none.
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
