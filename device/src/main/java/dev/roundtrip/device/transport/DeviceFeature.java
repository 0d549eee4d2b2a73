package dev.roundtrip.device.transport;

import java.util.List;

/** Something that a device does on topics of its own, such as a shadow. Its methods never block, except {@link #close}.
 */
public interface DeviceFeature extends AutoCloseable {

    /** What the device subscribes to. */
    List<String> filters();

    /** The device is connected, and subscribes to nothing yet. */
    void connected();

    /** The device subscribes to all filters. */
    void subscribed();

    /** Takes a message, if it is one of this feature's.
     *
     * @return whether it is
     */
    boolean deliver(Delivery delivery);

    /** Ends what is at work. Takes a few seconds at most. */
    @Override
    void close();
}
