package dev.roundtrip.device.transport;

import java.time.Duration;

/** A connection that renews itself. Blocking, thread-safe; throws {@link TransportException} alone.
 *
 * <p>Sessions are clean: after each {@link TransportListener#connected()} there is no subscription.
 */
public interface DeviceTransport extends AutoCloseable {

    /** Begins to connect, and to connect again whenever the connection is lost, until closed. Returns at once; call it
     * once.
     */
    void start(TransportListener listener);

    /** Subscribes at QoS 1.
     *
     * @throws TransportException when the broker does not grant it, or does not answer in time
     * @throws InterruptedException when the thread is interrupted
     */
    void subscribe(String filter, Duration atMost) throws TransportException, InterruptedException;

    /** Publishes at QoS 1 and returns when the broker has taken it.
     *
     * @throws TransportException when the broker does not take it, or does not say so in time
     * @throws InterruptedException when the thread is interrupted; it may have been sent
     */
    void publish(Answer answer, Duration atMost) throws TransportException, InterruptedException;

    /** Disconnects in order, with a DISCONNECT packet when connected, and frees everything. Waits a few seconds at
     * most.
     */
    @Override
    void close();
}
